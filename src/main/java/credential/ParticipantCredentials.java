package credential;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which credential goes along with calls to whom, as a file says, which may change while the server
 * runs, as may the files with the secrets. What cannot be used changes nothing, and is a line in
 * the log. To ask costs one volatile read and a look-up, from any thread.
 */
public final class ParticipantCredentials implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParticipantCredentials.class);

    private final Optional<Path> file;
    private final Optional<Path> authorities;
    private volatile Known known;
    private String last;
    private String complaint = "";
    private ScheduledExecutorService looking;

    private ParticipantCredentials(Optional<Path> file, Optional<Path> authorities) {
        this.file = file;
        this.authorities = authorities;
        this.last = file.isEmpty() ? "" : text();
        this.known = file.isEmpty() ? Known.NOTHING : read(last, Known.NOTHING);
    }

    /** Nobody gets any. */
    public static ParticipantCredentials none() {
        return new ParticipantCredentials(Optional.empty(), Optional.empty());
    }

    /**
     * Reads the file and those that it names. Blocks.
     *
     * @param authorities who may vouch for participants of which the file does not say it
     * @throws IllegalArgumentException if one of them cannot be used; it never has a secret in it
     */
    public static ParticipantCredentials read(Optional<Path> file, Optional<Path> authorities) {
        return new ParticipantCredentials(file, authorities);
    }

    /** Looks at the files every {@code interval} from now on, unless that is zero. */
    public synchronized ParticipantCredentials following(Duration interval) {
        if (!interval.isZero() && file.isPresent()) {
            looking = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "pactor-credentials");
                thread.setDaemon(true);
                return thread;
            });
            looking.scheduleWithFixedDelay(this::check,
                interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /** The header for a call to {@code site}: that of the longest path which covers it. */
    public Optional<Credential> of(Site site) {
        return known.header(site);
    }

    /** Whether anybody gets a header. */
    public boolean hasHeaders() {
        return known.hasHeaders();
    }

    /** With what TLS {@code site} is spoken to; empty if it is as with all others. */
    public Optional<Identity> identity(Site site) {
        return known.identity(site);
    }

    /** The urls of the servers from which tokens are fetched. */
    public List<String> tokenUrls() {
        return known.tokenUrls();
    }

    /** Looks at the files once. Never throws. Blocks. */
    public synchronized void check() {
        try {
            String text = text();
            boolean mayBeHalf = !text.isEmpty() && !text.endsWith("\n");
            if (mayBeHalf && !text.equals(last)) {
                // Half a line can say more than the whole, such as tls without its ca.
                last = text;
                return;
            }
            last = text;
            Known now = read(text, known);
            complaint = "";
            if (!now.isSame(known)) {
                known = now;
                LOG.info("{} or a file that it names has changed and is in force",
                    file.orElseThrow());
            }
        } catch (RuntimeException wrong) {
            String text = wrong instanceof IllegalArgumentException ? wrong.getMessage()
                : wrong.getClass().getSimpleName();
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.error("credentials of participants: {}; what was there before stays in force",
                    text);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (looking != null) {
            looking.shutdownNow();
        }
    }

    private String text() {
        return new String(bytes(file.orElseThrow()), StandardCharsets.UTF_8);
    }

    private Known read(String text, Known former) {
        Path path = file.orElseThrow();
        List<CredentialEntry> entries = new ArrayList<>();
        int number = 0;
        for (String each : text.lines().toList()) {
            number++;
            String line = each.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                entries.add(entry(CredentialLine.parse(line), former));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                    path + ", line " + number + ": " + wrong.getMessage());
            }
        }
        if (entries.size() > Bounds.LINES) {
            throw new IllegalArgumentException(
                path + " has more than " + Bounds.LINES + " lines");
        }
        try {
            return new Known(entries);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(path + ": " + wrong.getMessage());
        }
    }

    /** The former one if nothing has changed, so that its token is kept. */
    private CredentialEntry entry(CredentialLine line, Known former) {
        List<Path> files = new ArrayList<>(line.what().files());
        if (line.what() instanceof CredentialLine.Identity) {
            authorities.ifPresent(files::add);
        }
        List<byte[]> contents = files.stream().map(ParticipantCredentials::bytes).toList();
        return former.entry(line, contents)
            .orElseGet(() -> CredentialEntry.of(line, contents, authorities));
    }

    static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Bounds.FILE_BYTES + 1);
            if (bytes.length > Bounds.FILE_BYTES) {
                throw new IllegalArgumentException(
                    file + " is longer than " + Bounds.FILE_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read: " + unreadable);
        }
    }

    static boolean isSame(List<byte[]> one, List<byte[]> other) {
        boolean isSame = one.size() == other.size();
        for (int i = 0; isSame && i < one.size(); i++) {
            isSame = Arrays.equals(one.get(i), other.get(i));
        }
        return isSame;
    }
}
