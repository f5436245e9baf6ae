package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sbom.BillOfMaterials;
import sbom.Component;

/** The bill of materials and the licences of both jars, as they are built. */
class SbomIT {

    /** What Netty, and nimbus-jose-jwt, have packed into their jars under names of their own. */
    private static final Set<String> INSIDE_OTHERS = Set.of("org.jctools:jctools-core",
        "com.github.stephenc.jcip:jcip-annotations");

    @TempDir
    private Path dir;

    @Test
    void bothJarsHaveTheBillThatLiesBesideThem() throws Exception {
        byte[] beside = Files.readAllBytes(jar().resolveSibling("pactor.cdx.json"));
        for (Path each : List.of(jar(), library())) {
            assertArrayEquals(beside, entry(each, BillOfMaterials.RESOURCE), each.toString());
            byte[] licences = Files.readAllBytes(Path.of("THIRD-PARTY.txt"));
            assertArrayEquals(licences, entry(each, "META-INF/THIRD-PARTY.txt"));
            assertTrue(entry(each, "META-INF/licenses/LGPL-2.1.txt").length > 20_000);
        }
    }

    @Test
    void whateverIsInTheJarIsInItsBill() throws Exception {
        List<Component> components =
            BillOfMaterials.read(entry(jar(), BillOfMaterials.RESOURCE)).components();
        Set<String> unnamed = new TreeSet<>();
        int seen = 0;
        try (JarFile jar = new JarFile(jar().toFile())) {
            for (JarEntry each : jar.stream().toList()) {
                if (each.getName().matches("META-INF/maven/.*/pom\\.properties")) {
                    Properties of = new Properties();
                    try (InputStream in = jar.getInputStream(each)) {
                        of.load(in);
                    }
                    seen++;
                    Component inside = new Component(of.getProperty("groupId") + ":"
                        + of.getProperty("artifactId"), of.getProperty("version"));
                    if (!components.contains(inside)
                            && !inside.name().equals("io.pactor:pactor")) {
                        unnamed.add(inside.name());
                    }
                }
            }
        }
        assertTrue(seen > 30, "many say what they are: " + seen);
        assertEquals(INSIDE_OTHERS, unnamed);
    }

    @Test
    void theJarChecksItselfAgainstAnAdvisory() throws Exception {
        String advisory = "{\"id\": \"GHSA-planted\", \"affected\": [{\"package\": {\"ecosystem\":"
            + " \"Maven\", \"name\": \"org.postgresql:postgresql\"}, \"ranges\": [{\"type\":"
            + " \"ECOSYSTEM\", \"events\": [{\"introduced\": \"%s\"}]}]}]}";
        Path hit = Files.writeString(dir.resolve("hit.json"), String.format(advisory, "42"));
        Path miss = Files.writeString(dir.resolve("miss.json"), String.format(advisory, "99"));
        Path broken = Files.writeString(dir.resolve("broken.json"), "<html>");

        assertTrue(run(1, "sbom", "check", hit.toString())
            .contains(": GHSA-planted, no fix is named"));
        assertTrue(run(0, "sbom", "check", miss.toString()).contains("nothing found"));
        assertTrue(run(2, "sbom", "check", broken.toString()).contains("it is not JSON"));
    }

    private static Path jar() {
        return CoordinatorProcess.jar();
    }

    private static Path library() throws IOException {
        try (Stream<Path> all = Files.list(jar().toAbsolutePath().getParent())) {
            Set<Path> libraries = all.filter(each -> each.getFileName().toString()
                .matches("pactor-\\d[\\w.]*(-SNAPSHOT)?\\.jar")).collect(Collectors.toSet());
            assertEquals(1, libraries.size(), libraries.toString());
            return libraries.iterator().next();
        }
    }

    private static byte[] entry(Path file, String name) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Optional<JarEntry> entry = Optional.ofNullable(jar.getJarEntry(name));
            assertTrue(entry.isPresent(), file + " has no " + name);
            try (InputStream in = jar.getInputStream(entry.get())) {
                return in.readAllBytes();
            }
        }
    }

    private String run(int code, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(CoordinatorProcess.java(), "-Xmx256m",
            "-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
        command.addAll(List.of(args));
        Path out = dir.resolve("out");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(out.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
            assertEquals(code, process.exitValue(), Files.readString(out));
            return Files.readString(out);
        } finally {
            process.destroyForcibly();
        }
    }
}
