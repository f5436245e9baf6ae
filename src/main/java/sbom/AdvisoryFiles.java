package sbom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Advisories in a file, in a zip file, or in all files below a directory. */
public final class AdvisoryFiles {

    /** The longest file, or entry of a zip file: all advisories for Maven are shorter together. */
    public static final int BYTES_MAX = 256 << 20;

    private AdvisoryFiles() {}

    /**
     * Hands over each advisory. Of a directory and a zip file, whatever ends in {@code .json} is
     * read.
     *
     * @throws MalformedFile if there is one that is no advisory, or none at all: what cannot be
     *     read must not look as if nothing had been found
     * @throws IOException if a file cannot be read
     */
    public static void read(Path path, Consumer<Advisory> to) throws IOException, MalformedFile {
        long[] count = {0};
        Consumer<Advisory> counted = advisory -> {
            count[0]++;
            to.accept(advisory);
        };
        if (Files.isDirectory(path)) {
            for (Path each : below(path)) {
                file(each, counted);
            }
        } else if (isNamed(path.toString(), ".zip")) {
            zip(path, counted);
        } else {
            file(path, counted);
        }
        if (count[0] == 0) {
            throw new MalformedFile(path + ": there are no advisories in it");
        }
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                .filter(each -> isNamed(each.toString(), ".json")).sorted().toList();
        }
    }

    private static void file(Path path, Consumer<Advisory> to) throws IOException, MalformedFile {
        try (InputStream in = Files.newInputStream(path)) {
            advisories(path.toString(), in, to);
        }
    }

    private static void zip(Path path, Consumer<Advisory> to) throws IOException, MalformedFile {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(path))) {
            for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                if (isNamed(each.getName(), ".json")) {
                    advisories(path + "!" + each.getName(), in, to);
                }
            }
        } catch (ZipException broken) {
            throw new MalformedFile(path + ": it is not a zip file");
        }
    }

    private static void advisories(String name, InputStream in, Consumer<Advisory> to)
            throws IOException, MalformedFile {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new MalformedFile(name + ": it is longer than " + BYTES_MAX + " bytes");
        }
        try {
            OsvReader.read(bytes).forEach(to);
        } catch (MalformedFile wrong) {
            throw wrong.in(name);
        }
    }

    private static boolean isNamed(String name, String ending) {
        return name.toLowerCase(Locale.ROOT).endsWith(ending);
    }
}
