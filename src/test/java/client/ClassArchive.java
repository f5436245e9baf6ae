package client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An archive of the classes that the runnable jar loads, which makes a start three times as quick;
 * see docs/configuration.md. It lies beside the jar and is made by the first test that asks for it.
 */
public final class ClassArchive {

    private static final String SAGA = """
        {"gid": "archive", "trans_type": "saga", "wait_result": true,
         "steps": [{"action": "%s/api/ping"}], "payloads": ["{}"]}""";

    /** The JVM writes it when it ends, which takes long on a busy machine. */
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(3);

    private ClassArchive() {}

    /** The option of the JVM that uses it; one that changes nothing if it could not be made. */
    public static String option() {
        return Once.MADE.map(archive -> "-XX:SharedArchiveFile=" + archive)
            .orElse("-Xshare:auto");
    }

    /** Loaded, and so made, when it is first asked for. */
    private static final class Once {

        static final Optional<Path> MADE = made();

        private static Optional<Path> made() {
            Path jar = CoordinatorProcess.jar();
            // The JVM refuses the archive of another version, and says so in its output.
            Path archive = jar.resolveSibling(
                "pactor-" + System.getProperty("java.vm.version") + ".jsa");
            try {
                if (!Files.exists(archive) || Files.getLastModifiedTime(archive)
                        .compareTo(Files.getLastModifiedTime(jar)) < 0) {
                    make(archive);
                }
                return Optional.of(archive);
            } catch (IOException | IllegalStateException e) {
                System.out.println("the jar is started without an archive of its classes: " + e);
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static void make(Path archive) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(archive.getParent(), "archive-");
        Path fresh = home.resolve("fresh.jsa");
        try {
            try (CoordinatorProcess first = CoordinatorProcess.startWith(
                    List.of("-XX:TieredStopAtLevel=1", "-XX:ArchiveClassesAtExit=" + fresh),
                    home.resolve("data"))) {
                runOneSaga(first);
                ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroy);
                first.awaitExit(WRITTEN_WITHIN);
            }
            // Whole or not at all: another build may look for it now.
            Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(home);
        }
    }

    /** Takes the usual way once, so that its classes are in the archive. */
    private static void runOneSaga(CoordinatorProcess on) throws IOException, InterruptedException {
        URI submit = on.uri("/api/dtmsvr/submit");
        int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(submit)
            .POST(HttpRequest.BodyPublishers.ofString(SAGA.formatted(on.baseUrl()))).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IllegalStateException("the saga is answered with " + status);
        }
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
