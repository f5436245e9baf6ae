package pactor.cli;

import audit.Head;
import audit.NotedHeads;
import audit.Row;
import audit.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import store.ArchiveFile;
import store.AuditReader;
import store.StoreException;

/** {@code pactor audit}: checks that nobody has changed the audit log, or writes it to a file. */
@Command(name = "audit", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "Shows the audit log, checks it, or writes it to a file.")
final class AuditCommand implements Runnable {

    private final Inputs process;

    @Spec
    private CommandSpec spec;

    /** @param process the properties and the environment */
    AuditCommand(Inputs process) {
        this.process = process;
    }

    @Override
    public void run() {
        throw new ParameterException(
            spec.commandLine(), "say audit list, audit verify or audit export");
    }

    @Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Says whether rows of the audit log were removed, changed, moved or added behind the",
        "server's back, and which. Exit code 1 if so. Changes nothing.",
        "It finds the store as serve does. With the embedded one, stop the server first."})
    int verify(
            @Option(names = "--heads", paramLabel = "FILE", description = {
                "A file in which nodes have noted their newest rows: that of each node, or its",
                "log. May be repeated. pactor.security.audit.head-file is read if it is there."})
                List<Path> heads,
            @Option(names = "--exported", paramLabel = "FILE", description = {
                "A file that audit export has written, with rows that were removed since.",
                "May be repeated, the oldest first."}) List<Path> exported,
            @Mixin ConfigOptions options) throws IOException {
        Settings settings = settings("verify", options);
        NotedHeads noted = new NotedHeads();
        // Before the rows: what is noted meanwhile is not in what was read before it.
        int count = read(noted, heads, settings);
        Verification all = new Verification(settings.security().audit().seals(), noted);
        for (Path each : exported == null ? List.<Path>of() : exported) {
            AuditReader.read(each, all::row);
        }
        long after = all.newest().map(Row::number).orElse(0L);
        all.end(read(settings, after, all::row));
        return tell(all, count);
    }

    private int tell(Verification all, int noted) {
        PrintWriter out = out("verify");
        PrintWriter err = spec.subcommands().get("verify").getErr();
        all.faults().forEach(each -> err.println("pactor: " + each));
        all.unfinished().forEach(out::println);
        out.println(all.rows() + (all.rows() == 1 ? " row" : " rows") + ", compared with " + noted
            + " notes of heads" + (all.faults().isEmpty() ? ": nothing was changed" : ""));
        if (noted == 0 && all.rows() > 0) {
            out.println("warning: without notes from outside the database nobody can tell whether"
                + " its newest rows were removed (--heads)");
        }
        out.flush();
        err.flush();
        return all.faults().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static int read(NotedHeads noted, List<Path> given, Settings settings)
            throws IOException {
        Set<Path> files = new LinkedHashSet<>(given == null ? List.of() : given);
        settings.security().audit().heads(settings.store()).filter(Files::exists)
            .ifPresent(files::add);
        int count = 0;
        for (Path each : files) {
            count += noted.read(each);
        }
        return count;
    }

    @Command(name = "export", mixinStandardHelpOptions = true, description = {
        "Writes the audit log as JSON lines, the oldest row first.",
        "It finds the store as serve does. With the embedded one, stop the server first."})
    int export(
            @Option(names = "--out", paramLabel = "FILE", description = {
                "A new file, packed if its name ends in .gz. An existing one is not touched.",
                "Without it the lines are printed."}) Path out,
            @Option(names = "--after", paramLabel = "NUMBER", defaultValue = "0",
                description = "Only rows with higher numbers.") long after,
            @Mixin ConfigOptions options) throws IOException {
        Settings settings = settings("export", options);
        if (out == null) {
            PrintWriter lines = out("export");
            read(settings, after, row -> lines.println(
                new String(AuditReader.line(row), StandardCharsets.UTF_8)));
            lines.flush();
            return ExitCode.OK;
        }
        long[] rows = {0, after};
        try (ArchiveFile file = create(out)) {
            read(settings, after, row -> {
                file.line(AuditReader.line(row));
                rows[0]++;
                rows[1] = row.number();
            });
            file.force();
        }
        out("export").println(rows[0] + " rows to " + out
            + (rows[0] == 0 ? "" : "; the newest is " + rows[1]));
        out("export").flush();
        return ExitCode.OK;
    }

    private static ArchiveFile create(Path out) throws IOException {
        try {
            return ArchiveFile.create(out);
        } catch (FileAlreadyExistsException there) {
            throw new StartFailure(out + " exists already, and is left alone", there);
        } catch (IOException wrong) {
            throw new StartFailure(out + " cannot be written: " + wrong, wrong);
        }
    }

    private static Optional<Head> read(Settings settings, long after, AuditReader.Sink sink)
            throws IOException {
        Path dir = settings.store().dataDir().toAbsolutePath().normalize();
        if (settings.store().url().isEmpty() && !Files.exists(dir.resolve("pactor.mv.db"))) {
            throw new StartFailure("there is no store in " + dir + "; see --data-dir", null);
        }
        try {
            return AuditReader.read(settings.store().withoutKeys(), after, sink);
        } catch (StoreException wrong) {
            LoggerFactory.getLogger(AuditCommand.class).debug("the store", wrong);
            throw new StartFailure(wrong.getMessage(), wrong);
        }
    }

    private Settings settings(String command, ConfigOptions options) {
        Effective effective = Effective.of(options.over(process));
        System.setProperty(Logging.PROPERTY, effective.settings().logLevel());
        Logging.level(effective.settings().logLevel());
        PrintWriter err = spec.subcommands().get(command).getErr();
        effective.warnings().forEach(line -> err.println("warning: " + line));
        err.flush();
        return effective.settings();
    }

    private PrintWriter out(String command) {
        return spec.subcommands().get(command).getOut();
    }
}
