package pactor;

import audit.Act;
import audit.Audit;
import audit.AuditLog;
import audit.Who;
import health.Guard;
import http.RequestGuard;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import oidc.IssuerTokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.SecuritySettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import security.Access;
import security.AddressRule;
import security.BrowserGuard;
import security.Identities;
import security.Peer;
import security.ReloadedFile;
import security.Sessions;
import security.Token;
import security.TokenIssuer;
import store.Database;
import store.PrivateFiles;
import store.SharedKey;
import tls.LiveCredentials;

/**
 * Who may call this node: what the settings, their files and the database say of it, kept up to
 * date while it runs.
 */
final class AccessControl implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    private final Access access;
    private final RequestGuard requests;
    private final ScheduledExecutorService looking;
    private final Optional<ScheduledExecutorService> fetching;
    private final Optional<LiveCredentials> authorities;
    private final Supplier<Identities> named;
    private final Runnable look;
    private final Optional<byte[]> ownTokenHash;
    private volatile Optional<byte[]> adminTokenHash;
    private volatile Identities all = Identities.NONE;

    private AccessControl(Settings settings, Database database, Guard guard, AuditLog log,
            Audit audit, Optional<byte[]> ownTokenHash) {
        this.ownTokenHash = ownTokenHash;
        SecuritySettings from = settings.security();
        boolean isRequired = from.isRequired(settings);
        Optional<ReloadedFile<Identities>> identities =
            file(from.identitiesFile(), Identities::of);
        Optional<ReloadedFile<List<AddressRule>>> rules = file(from.rulesFile(), AddressRule::of);
        this.named = identities.<Supplier<Identities>>map(each -> each)
            .orElse(() -> Identities.NONE);
        if (isRequired && identities.isEmpty()) {
            firstToken(database, from.adminTokenFile(), log);
        }
        this.adminTokenHash = database.adminTokenHash().toCompletableFuture().join();
        gather();
        this.fetching = from.oidc().isOn() ? Optional.of(guard.scheduler("pactor-issuer-keys"))
            : Optional.empty();
        this.authorities = fetching.map(
            each -> from.oidc().authorities(settings.reloadInterval()));
        this.access = new Access(isRequired, () -> all,
            rules.<Supplier<List<AddressRule>>>map(each -> each).orElse(List::of),
            fetching.<TokenIssuer>map(each -> IssuerTokens.start(
                from.oidc().rules(authorities.orElseThrow()), each)).orElse(TokenIssuer.NONE),
            (listener, peer) -> audit.refused(wrong(listener, peer)));
        this.requests = new RequestGuard(
            access, new BrowserGuard(from.allowedHosts(), from.allowedOrigins()),
            Optional.of(new Sessions(sessionKey(database), InstantSource.system(), () -> all)));
        this.looking = guard.scheduler("pactor-access");
        this.look = () -> {
            identities.ifPresent(each -> check(each, from.identitiesFile(),
                all -> all.size() + " identities", audit));
            rules.ifPresent(each -> check(each, from.rulesFile(),
                all -> all.size() + " rules", audit));
            // What cannot be read is as it was.
            database.adminTokenHash().thenAccept(hash -> adminTokenHash = hash)
                .whenComplete((read, unread) -> gather());
        };
    }

    /**
     * Reads the files, and makes the first administrator's token if one is needed. Blocks.
     *
     * @param ownTokenHash by which the application that this server is part of is known, if it is
     * @throws StartFailure if a file cannot be read or written
     */
    static AccessControl open(Settings settings, Database database, Guard guard, AuditLog log,
            Audit audit, Optional<byte[]> ownTokenHash) {
        AccessControl opened =
            new AccessControl(settings, database, guard, log, audit, ownTokenHash);
        Duration interval = settings.reloadInterval();
        if (!interval.isZero()) {
            opened.looking.scheduleWithFixedDelay(opened.look, interval.toMillis(),
                interval.toMillis(), TimeUnit.MILLISECONDS);
        }
        return opened;
    }

    /** Finds who calls. */
    Access access() {
        return access;
    }

    /** Says which HTTP requests may be carried out. */
    RequestGuard requests() {
        return requests;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        fetching.ifPresent(ScheduledExecutorService::shutdownNow);
        authorities.ifPresent(LiveCredentials::close);
    }

    private void gather() {
        Identities known = named.get();
        Identities others = known.hasAdmin() ? known
            : adminTokenHash.map(known::withAdmin).orElse(known);
        all = ownTokenHash.map(hash -> others.withClient("application", hash)).orElse(others);
    }

    /** What was in force before is put on record with what is now. */
    private static <T> void check(ReloadedFile<T> file, String path,
            Function<T, String> shown, Audit audit) {
        String before = shown.apply(file.get());
        if (file.check()) {
            audit.event(Act.event("reload", path, before, shown.apply(file.get())));
        }
    }

    private static Act wrong(AddressRule.Listener listener, Peer peer) {
        return Act.refusal(new Who("", "", "token", peer.address().getHostAddress()),
            "authenticate", listener.name().toLowerCase(Locale.ROOT), "wrong credentials");
    }

    private static <T> Optional<ReloadedFile<T>> file(
            String path, Function<List<String>, T> parser) {
        try {
            return path.isEmpty() ? Optional.empty()
                : Optional.of(ReloadedFile.read(Path.of(path), parser));
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StartFailure(path + " cannot be read: " + wrong, wrong);
        }
    }

    private static byte[] sessionKey(Database database) {
        return database.sharedKey(SharedKey.CONSOLE_SESSIONS)
            .toCompletableFuture().join();
    }

    /** Of several nodes that start at once, one has its token taken; no other is kept. */
    private static void firstToken(Database database, Path file, AuditLog log) {
        try {
            if (database.adminTokenHash().toCompletableFuture().join().isPresent()) {
                return;
            }
            AuditTrail.write(log,
                Act.event("make the administrator's token", file.toString(), "none", ""));
            String token = Token.make();
            byte[] hash = Token.hash(token);
            Path written = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
            if (isTerminal()) {
                if (isTaken(database, hash)) {
                    System.console().printf(
                        "The administrator's token, shown only now: %s%n", token);
                }
                return;
            }
            PrivateFiles.write(written, token + "\n");
            if (isTaken(database, hash)) {
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
                LOG.warn("the administrator's token was made and is in {}", file.toAbsolutePath());
            } else {
                Files.delete(written);
            }
        } catch (IOException unwritable) {
            throw new StartFailure("the administrator's token cannot be written to "
                + file.toAbsolutePath() + " (pactor.security.admin-token-file): " + unwritable,
                unwritable);
        } catch (CompletionException unread) {
            throw new StartFailure("the administrator's token cannot be kept in the database: "
                + unread.getCause(), unread);
        }
    }

    private static boolean isTaken(Database database, byte[] hash) {
        return MessageDigest.isEqual(
            hash, database.adminTokenHash(hash).toCompletableFuture().join());
    }

    /** Some releases of the JDK have a console that is none. */
    private static boolean isTerminal() {
        if (System.console() == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException olderThanThese) {
            return true;
        }
    }
}
