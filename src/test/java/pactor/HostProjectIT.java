package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of somebody else's that depends on the library: what Maven brings along with it, that
 * it compiles, and that it runs with nothing else.
 */
class HostProjectIT {

    /** Of this test alone, so that the installed library of whoever runs it stays as it is. */
    private static final String VERSION = "0.0.0-of-a-test";

    /** The library's own dependencies, by how their names begin. */
    private static final List<String> OURS = List.of("pactor-" + VERSION, "pekko-", "scala-",
        "slick", "config-", "ssl-config-", "reactive-streams-", "agrona-", "asn-one-", "HikariCP-",
        "h2-", "jackson-", "micrometer-", "HdrHistogram-", "jspecify-", "slf4j-api-", "netty-",
        "grpc-", "protobuf-", "proto-google-", "guava-", "failureaccess-", "listenablefuture-",
        "gson-", "perfmark-", "error_prone_", "annotations-", "animal-sniffer-", "j2objc-",
        "jsr305-", "parboiled_", "nimbus-jose-jwt-");

    /** Of these a host chooses its own, or none. */
    private static final List<String> NOT_OURS = List.of("logback", "picocli", "snakeyaml",
        "jul-to-slf4j", "pekko-http-spray", "pekko-management", "kubernetes", "postgresql",
        "mariadb", "prometheus", "grpc-services", "maven-artifact");

    private static final String HOST = """
        import com.typesafe.config.Config;
        import com.typesafe.config.ConfigFactory;
        import java.util.List;
        import java.util.Map;
        import java.util.concurrent.CompletableFuture;
        import java.util.function.Supplier;
        import org.apache.pekko.actor.typed.ActorSystem;
        import org.apache.pekko.actor.typed.javadsl.Behaviors;
        import org.apache.pekko.cluster.typed.Cluster;
        import org.apache.pekko.cluster.typed.Join;
        import pactor.Host;
        import pactor.Pactor;
        import pactor.settings.LiveSettings;
        import pactor.settings.Settings;
        import transaction.*;

        public class Shop {
            public static void main(String[] args) throws Exception {
                Config config = ConfigFactory.parseMap(Map.of("pekko.actor.provider", "cluster",
                    "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                    "pekko.remote.artery.canonical.port", 0,
                    "pekko.loglevel", "WARNING", "pekko.stdout-loglevel", "WARNING",
                    "pactor.store.data-dir", args[0])).withFallback(ConfigFactory.load());
                ActorSystem<Void> system =
                    ActorSystem.create(Behaviors.empty(), "shop", config);
                Cluster cluster = Cluster.get(system);
                cluster.manager().tell(Join.create(cluster.selfMember().address()));
                Supplier<Settings> settings = LiveSettings.fixed(Settings.of(config));
                Host host = Host.plain().withCalls(inner -> call ->
                    CompletableFuture.completedFuture(Outcome.SUCCESS));
                Pactor pactor = Pactor.start(system, settings, host);
                Options waits = new Options(true, 0, 0, 0, 0, 0, Map.of(), false);
                Reply reply = pactor.ready().thenCompose(ready -> ready.coordinator().submit(
                    new Submission("order-1", Mode.SAGA, List.of(new Submission.Step(
                        "http://stock/take", "http://stock/give-back", Bytes.utf8("{}"))), "",
                        Protocol.HTTP, "", Details.PLAIN, waits))).toCompletableFuture().get();
                System.out.println("reply " + reply.getClass().getSimpleName());
                system.terminate();
                system.getWhenTerminated().toCompletableFuture().get();
            }
        }
        """;

    private static final String POM = """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>shop</groupId>
          <artifactId>shop</artifactId>
          <version>1</version>
          <repositories>
            <repository><id>here</id><url>%s</url></repository>
          </repositories>
          <dependencies>%s</dependencies>
        </project>
        """;

    private static final String LIBRARY = """
        <dependency>
          <groupId>io.pactor</groupId>
          <artifactId>pactor</artifactId>
          <version>%s</version>
        </dependency>
        """.formatted(VERSION);

    private static final String TEST = """
        import pactor.LocalCoordinator;

        public class Shop {
            public static void main(String[] args) {
                try (LocalCoordinator coordinator = LocalCoordinator.start()) {
                    System.out.println("listening " + (coordinator.http().getPort() > 0)
                        + " " + (coordinator.grpc().getPort() > 0));
                }
            }
        }
        """;

    @TempDir
    private Path dir;

    @AfterEach
    void forget() throws IOException {
        Path installed = Path.of(System.getProperty("user.home"),
            ".m2/repository/io/pactor/pactor", VERSION);
        if (Files.exists(installed)) {
            try (Stream<Path> files = Files.walk(installed)) {
                for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    @Test
    void aHostBuildsAndRunsWithTheLibraryAndWhatItBrings() throws Exception {
        List<String> classPath = resolved(LIBRARY);
        List<String> names = classPath.stream().map(jar -> Path.of(jar).getFileName().toString())
            .toList();
        assertEquals(List.of(), names.stream()
            .filter(name -> OURS.stream().noneMatch(name::startsWith)
                || NOT_OURS.stream().anyMatch(name::contains)).toList());

        List<String> said = ran(HOST, classPath, dir.resolve("data").toString());

        assertTrue(said.contains("reply Done"), said::toString);
        assertTrue(said.stream().noneMatch(line -> line.contains("DEBUG")), said::toString);
    }

    @Test
    void theTestKitRunsWithWhatItsPageNames() throws Exception {
        Matcher dependencies = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/testing-your-saga.md")));
        assertTrue(dependencies.find());
        List<String> classPath = resolved(dependencies.group(1).replaceAll(
            "(<artifactId>pactor</artifactId>\\s*<version>)[^<]+", "$1" + VERSION));

        assertTrue(ran(TEST, classPath).contains("listening true true"));
    }

    private List<String> ran(String program, List<String> classPath, String... arguments)
            throws Exception {
        String path = String.join(File.pathSeparator, classPath);
        Path source = Files.writeString(dir.resolve("Shop.java"), program);
        Path home = Path.of(System.getProperty("java.home"), "bin");
        run(home.resolve("javac").toString(), "--release", "17", "-proc:none", "-cp", path,
            "-d", dir.toString(), source.toString());
        List<String> command = new ArrayList<>(List.of(home.resolve("java").toString(), "-cp",
            dir + File.pathSeparator + path, "Shop"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** The class path that Maven makes of these dependencies. */
    private List<String> resolved(String dependencies) throws Exception {
        Path repository = dir.resolve("repository");
        Path place = Files.createDirectories(repository.resolve("io/pactor/pactor/" + VERSION));
        for (String kind : List.of("", "-tests")) {
            try (Stream<Path> built = Files.list(Path.of("target"))) {
                Path library = built.filter(each -> each.getFileName().toString()
                        .matches("pactor-[0-9.]+(-SNAPSHOT)?" + kind + "\\.jar"))
                    .findFirst().orElseThrow();
                Files.copy(library, place.resolve("pactor-" + VERSION + kind + ".jar"));
            }
        }
        Files.writeString(place.resolve("pactor-" + VERSION + ".pom"),
            Files.readString(Path.of("pom.xml")).replaceFirst(
                "(<artifactId>pactor</artifactId>\\s*<version>)[^<]+", "$1" + VERSION));
        Files.writeString(dir.resolve("pom.xml"), POM.formatted(repository.toUri(), dependencies));
        Path listed = dir.resolve("class-path");
        run("mvn", "-q", "-B", "-f", dir.resolve("pom.xml").toString(),
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath",
            "-Dmdep.outputFile=" + listed);
        return List.of(Files.readString(listed).strip().split(File.pathSeparator));
    }

    private List<String> run(String... command) throws Exception {
        Path output = Files.createTempFile(dir, "output", ".txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(3, TimeUnit.MINUTES);
            List<String> lines = new ArrayList<>(Files.readAllLines(output));
            assertTrue(ended, () -> command[0] + " did not end: " + lines);
            assertEquals(0, process.exitValue(), lines::toString);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
