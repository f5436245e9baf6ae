package pactor.cli;

import audit.Act;
import audit.AuditLog;
import audit.Who;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import meter.Meter;
import pactor.AuditTrail;
import pactor.settings.ControlCharacters;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import store.Archive;
import store.ArchiveFile;
import store.Database;
import store.HistoryTable;
import transaction.History;
import transaction.History.Finished;
import transaction.History.Walk;
import transaction.Mode;
import transaction.Status;

/** {@code pactor archive}: writes what has ended long ago as JSON lines, and may remove it then. */
@Command(name = "archive", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class, description = {
    "Writes finished transactions that are old enough to be removed as JSON lines.",
    "It finds the store as serve does. With the embedded one, stop the server first."})
final class ArchiveCommand implements Callable<Integer> {

    private static final int BATCH = 200;

    private static final int FAILED = 1;

    private final Inputs process;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = {
        "A new file, packed if its name ends in .gz. An existing one is not touched."})
    private Path out;

    @Option(names = "--older-than", paramLabel = "TIME", converter = Age.Reader.class,
        description = {
        "What ended longer ago (12h, 5d) or before that moment (2026-11-01T00:00:00Z).",
        "By default what pactor.retention.keep says is over."})
    private Age olderThan;

    @Option(names = "--remove",
        description = "Remove each batch once it is in the file and the file on the disk.")
    private boolean remove;

    private long written;
    private long removed;
    private long unreadable;

    /** @param process the properties and the environment */
    ArchiveCommand(Inputs process) {
        this.process = process;
    }

    @Override
    public Integer call() throws IOException {
        Effective effective = Effective.of(options.over(process));
        Settings settings = effective.settings();
        System.setProperty(Logging.PROPERTY, settings.logLevel());
        Logging.level(settings.logLevel());
        PrintWriter err = spec.commandLine().getErr();
        effective.warnings().forEach(line -> err.println("warning: " + line));
        requireStore(settings);
        try (Database database = open(settings); ArchiveFile file = create()) {
            AuditLog log = AuditTrail.log(settings, database);
            Act intent = Act.intent(Who.system(), "archive" + (remove ? " --remove" : ""),
                out.toString(), "");
            long number = AuditTrail.write(log, intent);
            database.encryptionKey().ifPresent(key -> err.println("warning: payloads are encrypted"
                + " in the store, and in the clear in " + out));
            HistoryTable history = new HistoryTable(database);
            Instant now = Instant.now();
            for (Mode mode : Mode.ALL) {
                Instant endedBy = olderThan == null ? now.minus(settings.retention().keep(mode))
                    : olderThan.before(now);
                for (Status status : History.FINAL) {
                    walk(new Source(new Archive(database), history, new Walk(mode, status)),
                        endedBy, file);
                }
            }
            AuditTrail.write(log, intent.result(number, "", counts()));
        } catch (CompletionException failed) {
            throw new StartFailure("the archive ends here, after " + counts() + ": "
                + failed.getCause().getMessage(), failed);
        }
        spec.commandLine().getOut().println(counts() + " to " + out);
        spec.commandLine().getOut().flush();
        err.flush();
        return unreadable == 0 ? 0 : FAILED;
    }

    /** Where one walk's transactions come from. */
    private record Source(Archive archive, History history, Walk walk) {}

    private void walk(Source from, Instant endedBy, ArchiveFile file) throws IOException {
        Finished last = null;
        List<Finished> page;
        do {
            page = from.history.finished(from.walk, endedBy, last, BATCH)
                .toCompletableFuture().join();
            List<Finished> kept = new ArrayList<>();
            for (Finished each : page) {
                if (!each.endedAt().isAfter(endedBy) && write(from.archive, each, file)) {
                    kept.add(each);
                }
                last = each;
            }
            if (!kept.isEmpty()) {
                file.force();
                written += kept.size();
                if (remove) {
                    removed += from.history.remove(kept, Instant.now())
                        .toCompletableFuture().join();
                }
            }
        } while (page.size() == BATCH);
    }

    private boolean write(Archive archive, Finished each, ArchiveFile file) throws IOException {
        Optional<Archive.Read> read = archive.read(each);
        if (read.isPresent() && read.get().line() == null) {
            unreadable++;
            spec.commandLine().getErr().println("pactor: gid="
                + ControlCharacters.escaped(each.gid()) + " is left where it is: "
                + read.get().trouble());
            return false;
        }
        if (read.isEmpty()) {
            return false;
        }
        file.line(read.get().line());
        return true;
    }

    private String counts() {
        return written + " transactions written" + (remove ? ", " + removed + " removed" : "")
            + (unreadable > 0 ? ", " + unreadable + " left" : "");
    }

    private static Database open(Settings settings) {
        try {
            return Database.open(settings.store().opened(), Meter.create());
        } catch (RuntimeException thrown) {
            throw StartFailure.of(thrown, settings);
        }
    }

    private ArchiveFile create() throws IOException {
        try {
            return ArchiveFile.create(out);
        } catch (FileAlreadyExistsException there) {
            throw new StartFailure(out + " exists already, and is left alone: what a run that was "
                + "cut short has removed is in its file. Take another name", there);
        } catch (IOException wrong) {
            throw new StartFailure(out + " cannot be written: " + wrong, wrong);
        }
    }

    /** An archive of a store that is made for it would be empty, and hide a mistake. */
    private static void requireStore(Settings settings) {
        Path dir = settings.store().dataDir().toAbsolutePath().normalize();
        if (settings.store().url().isEmpty() && !Files.exists(dir.resolve("pactor.mv.db"))) {
            throw new StartFailure("there is no store in " + dir + "; see --data-dir", null);
        }
    }

    /** A moment, told as such or as the time since then. */
    record Age(Instant at, Duration ago) {

        Instant before(Instant now) {
            return at == null ? now.minus(ago) : at;
        }

        /** For picocli. */
        static final class Reader implements ITypeConverter<Age> {

            private static final String UNITS = "smhd";
            private static final long[] SECONDS = {1, 60, 3_600, 86_400};

            @Override
            public Age convert(String text) {
                int unit = text.isEmpty() ? -1 : UNITS.indexOf(text.charAt(text.length() - 1));
                String number = unit < 0 ? "" : text.substring(0, text.length() - 1);
                if (number.matches("[0-9]{1,8}")) {
                    return new Age(null,
                        Duration.ofSeconds(Long.parseLong(number) * SECONDS[unit]));
                }
                try {
                    return new Age(Instant.parse(text), null);
                } catch (DateTimeParseException wrong) {
                    throw new TypeConversionException("it must be a time such as 12h or 5d, or a "
                        + "moment such as 2026-11-01T00:00:00Z, not " + text);
                }
            }
        }
    }
}
