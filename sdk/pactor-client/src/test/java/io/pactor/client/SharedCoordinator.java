package io.pactor.client;

import io.pactor.testing.CoordinatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One real coordinator for all tests that do it no harm: its start takes longer than they do. It
 * ends with the JVM.
 */
final class SharedCoordinator {

    private static CoordinatorProcess process;

    private SharedCoordinator() {}

    static synchronized String url() {
        if (process == null) {
            try {
                Path dir = Files.createTempDirectory("pactor-client");
                process = CoordinatorProcess.start(dir);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    process.killHard();
                    delete(dir);
                }));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return process.baseUrl();
    }

    private static void delete(Path dir) {
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // What is left lies in the directory for temporary files.
        }
    }
}
