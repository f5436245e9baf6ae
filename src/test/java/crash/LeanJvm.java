package crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * What makes a hundred starts of the coordinator cheap: a class path of two jars, and an archive of
 * the loaded classes that one orderly run has left. Made once for each run of the tests.
 */
final class LeanJvm {

    private static final Path TARGET = client.CoordinatorProcess.jar().getParent();

    private final Path failpoints;
    private final Path archive;

    private LeanJvm(Path failpoints, Path archive) {
        this.failpoints = failpoints;
        this.archive = archive;
    }

    /** The product and, behind it, the failpoints. Nothing else of the tests: no settings. */
    String classPath() {
        return client.CoordinatorProcess.jar() + ":" + failpoints;
    }

    /** Options for a process that lives for seconds: no second compiler, no collector threads. */
    List<String> options() {
        return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
            classes());
    }

    /** The option that makes a start cheap and changes nothing else; see docs/configuration.md. */
    String classes() {
        return "-XX:SharedArchiveFile=" + archive;
    }

    static LeanJvm get() {
        return Once.MADE;
    }

    /** Loaded, and so made, when it is first asked for. */
    private static final class Once {

        static final LeanJvm MADE = made();

        private static LeanJvm made() {
            try {
                return make(Files.createTempDirectory(TARGET, "crash-"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static LeanJvm make(Path directory) throws IOException {
        Path failpoints = directory.resolve("failpoints.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(failpoints))) {
            add(jar, HaltingFailpoints.class.getName().replace('.', '/') + ".class");
            add(jar, "META-INF/services/transaction.Failpoints");
        }
        LeanJvm lean = new LeanJvm(failpoints, directory.resolve("classes.jsa"));
        List<String> dump = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-XX:ArchiveClassesAtExit=" + lean.archive);
        Child.Setup setup = new Child.Setup("", dump, List.of());
        Path run = Files.createDirectory(directory.resolve("run"));
        try (Child first = new Child(run, setup, lean)) {
            first.serving();
            exercise(new Wire(first::uri));
            first.stop();
        }
        return lean;
    }

    /** Takes the usual ways once, so that their classes are in the archive. */
    private static void exercise(Wire wire) throws IOException {
        ObjectNode saga = Wire.about("exercise", "saga").put("wait_result", true);
        saga.putArray("steps").addObject().put("action", wire.address("/api/ping").toString());
        saga.putArray("payloads").add("{}");
        Initiator.acked(wire.tell("submit", saga), saga);
        wire.status("exercise");
        wire.unfinished();
    }

    private static void add(JarOutputStream jar, String resource) throws IOException {
        jar.putNextEntry(new JarEntry(resource));
        try (InputStream in = LeanJvm.class.getResourceAsStream("/" + resource)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }
}
