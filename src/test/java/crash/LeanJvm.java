package crash;

import client.ClassArchive;
import client.CoordinatorProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** What makes a hundred starts of the coordinator cheap. Made once for each run of the tests. */
final class LeanJvm {

    private static final Path TARGET = CoordinatorProcess.jar().getParent();

    private final Path failpoints;

    private LeanJvm(Path failpoints) {
        this.failpoints = failpoints;
    }

    /** The product and, behind it, the failpoints. Nothing else of the tests: no settings. */
    String classPath() {
        return CoordinatorProcess.jar() + ":" + failpoints;
    }

    /** Options for a process that lives for seconds: no second compiler, no collector threads. */
    List<String> options() {
        return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", ClassArchive.option());
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
        return new LeanJvm(failpoints);
    }

    private static void add(JarOutputStream jar, String resource) throws IOException {
        jar.putNextEntry(new JarEntry(resource));
        try (InputStream in = LeanJvm.class.getResourceAsStream("/" + resource)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }
}
