package database;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of some mebibytes that can be filled up. Made here, in memory, and taken away by
 * {@link #close}, or when this JVM ends. Needs the right to mount, which root has.
 */
public final class SmallDisk implements AutoCloseable {

    private static final int BLOCK = 4096;

    private final Path place;
    private final Thread atExit = new Thread(this::unmount, "unmount");

    public SmallDisk(int mebibytes) {
        try {
            place = Files.createTempDirectory("pactor-disk-");
            if (!succeeds("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=755",
                    "pactor-disk", place.toString())) {
                Files.delete(place);
                throw new IllegalStateException("no file system can be mounted here");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Whether this machine lets us. */
    public static boolean canBeMade() {
        try (SmallDisk probe = new SmallDisk(1)) {
            return Files.isDirectory(probe.place);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** A new directory on it. */
    public Path directory(String name) {
        try {
            return Files.createDirectory(place.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves no room on it. Again and again, if others make room meanwhile. */
    public void fill() {
        try (OutputStream file = Files.newOutputStream(filler(),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
            byte[] block = new byte[BLOCK];
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            // As it is to be.
        }
    }

    /** Takes away what {@link #fill} has put there. */
    public void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and runs the hook itself.
        }
    }

    private Path filler() {
        return place.resolve("filler");
    }

    private void unmount() {
        succeeds("umount", "-l", place.toString());
        succeeds("rmdir", place.toString());
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
