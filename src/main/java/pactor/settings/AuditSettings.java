package pactor.settings;

import audit.Audit;
import audit.Seals;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is put on record and how: the tree {@code pactor.security.audit}.
 *
 * @param payloadReads whose reads of payloads are
 * @param keyFile with what rows are sealed; empty for no key
 * @param headFile where the newest rows are noted outside the database; empty for nowhere, or auto
 * @param headLog whether the log has them too: on, off or auto
 */
public record AuditSettings(
        Audit.Reads payloadReads, String keyFile, String headFile, String headLog) {

    /** Beside the embedded database; nowhere with any other. */
    private static final String AUTO = "auto";
    private static final String ON = "on";

    /** A database that ends with its process has no past that anybody could change. */
    private static final String IN_MEMORY = "jdbc:h2:mem:";

    /** It begins as the database's own files do, and so is as private. */
    private static final String FILE = "pactor.audit-heads";

    static AuditSettings read(SettingsReader from) {
        return new AuditSettings(
            Audit.Reads.valueOf(from.word("security.audit.payload-reads",
                List.of("off", "admin", "all")).toUpperCase(Locale.ROOT)),
            from.text("security.audit.key-file"),
            from.text("security.audit.head-file"),
            from.word("security.audit.head-log", List.of(AUTO, ON, "off")));
    }

    void check(SettingsReader at) {
        try {
            seals();
        } catch (IOException | IllegalArgumentException wrong) {
            at.refuseIf(true, "security.audit.key-file", "cannot be used: "
                + (wrong instanceof IOException ? wrong.toString() : wrong.getMessage()));
        }
        try {
            Path.of(headFile);
        } catch (InvalidPathException wrong) {
            at.refuseIf(true, "security.audit.head-file", "must be a path, auto or empty");
        }
    }

    /**
     * With the keys as they are in the file now. Blocks.
     *
     * @throws IllegalArgumentException if the file is wrong
     * @throws IOException if it cannot be read
     */
    public Seals seals() throws IOException {
        return keyFile.isEmpty() ? Seals.UNKEYED : Seals.of(Path.of(keyFile));
    }

    /** Where the newest rows of the log in {@code store} are noted; empty for nowhere. */
    public Optional<Path> heads(StoreConfig store) {
        if (!headFile.equals(AUTO)) {
            return headFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(headFile));
        }
        return store.url().isEmpty()
            ? Optional.of(store.dataDir().toAbsolutePath().normalize().resolve(FILE))
            : Optional.empty();
    }

    /** Whether the log has them: by itself only where there is no file. */
    public boolean logsHeads(StoreConfig store) {
        return headLog.equals(ON) || headLog.equals(AUTO) && heads(store).isEmpty()
            && !store.url().reveal().startsWith(IN_MEMORY);
    }
}
