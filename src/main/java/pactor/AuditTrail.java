package pactor;

import audit.Act;
import audit.Audit;
import audit.AuditLog;
import audit.HeadNotes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import pactor.settings.AuditSettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import pactor.settings.Version;
import store.AuditWriter;
import store.Database;
import store.PrivateFiles;

/** The audit log as the settings have it. */
public final class AuditTrail {

    private final HeadNotes notes;
    private final AuditLog log;

    private AuditTrail(AuditLog log, HeadNotes notes) {
        this.log = log;
        this.notes = notes;
    }

    /** Where acts are put on record. */
    AuditLog log() {
        return log;
    }

    /** What an operator should know although all goes on, a line each. */
    List<String> warnings() {
        return notes.trouble().stream().toList();
    }

    /**
     * The log of a process in {@code database}.
     *
     * @throws StartFailure if the file of keys or that of heads cannot be used
     */
    public static AuditLog log(Settings settings, Database database) {
        return of(settings, database).log;
    }

    /** The same with its notes. */
    static AuditTrail of(Settings settings, Database database) {
        AuditSettings from = settings.security().audit();
        Optional<Path> heads = from.heads(settings.store());
        try {
            if (heads.isPresent()) {
                append(heads.get()).close();
            }
            HeadNotes notes =
                new HeadNotes(heads, AuditTrail::append, from.logsHeads(settings.store()));
            return new AuditTrail(new AuditWriter(database, from.seals(), notes), notes);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StartFailure("the audit log cannot be kept (pactor.security.audit): "
                + wrong, wrong);
        }
    }

    /**
     * Puts on record that a node begins to serve, and then what is done to it.
     *
     * @throws StartFailure if nothing can be put on record
     */
    Audit open(Settings settings, Executor executor) {
        write(log, Act.event("start", "pactor " + Version.text(), "", ""));
        return new Audit(log, settings.security().audit().payloadReads(), executor);
    }

    /**
     * Blocks until {@code act} is on record.
     *
     * @return the number of its row
     * @throws StartFailure if it cannot be
     */
    public static long write(AuditLog log, Act act) {
        try {
            return log.write(act).toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw new StartFailure(
                "the audit log cannot be written: " + failed.getCause().getMessage(), failed);
        }
    }

    private static FileChannel append(Path file) throws IOException {
        return PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE,
            StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }
}
