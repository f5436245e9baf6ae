package pactor.doctor;

import static pactor.doctor.Diagnosis.fail;
import static pactor.doctor.Diagnosis.ok;
import static pactor.doctor.Diagnosis.warn;

import encryption.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import pactor.settings.Settings;
import store.Inspection;
import store.NodeTable;
import store.Schema;
import store.StoreException;
import store.StoreSettings;
import store.UsedKey;

/**
 * The part of {@code pactor doctor} that looks at the database. It tells each finding at once, so
 * that what was found is known also if the database then hangs. For one thread; what it has
 * learned may be asked from others.
 */
public final class DatabaseDoctor {

    private static final String DATABASE = "database";
    private static final String FILE = "file";
    private static final String DURABILITY = "durability";
    private static final String CLOCK = "clock";
    private static final String SCHEMA = "schema";
    private static final String NODES = "nodes";
    private static final String ENCRYPTION = "encryption";
    private static final String TRANSACTIONS = "transactions";

    private final Settings settings;
    private final StoreSettings store;
    private final Consumer<Diagnosis> told;
    private volatile Optional<Boolean> inUse = Optional.empty();
    private volatile Set<String> living = Set.of();

    public DatabaseDoctor(Settings settings, Consumer<Diagnosis> told) {
        this.settings = settings;
        this.store = settings.store().opened();
        this.told = told;
    }

    /** Whether a running process has this store; empty if that is not known. */
    public Optional<Boolean> inUse() {
        return inUse;
    }

    /** The addresses of the nodes that live, by their rows. */
    public Set<String> living() {
        return living;
    }

    /** All checks, one after the other. Blocks, for as long as the database does. */
    public void run() {
        if (Inspection.isInMemory(store)) {
            told.accept(ok(DATABASE, "H2 in memory: nothing is kept, and nothing to be looked at"));
            return;
        }
        try {
            Optional<Path> file = Inspection.file(store);
            if (file.isPresent() && !isToBeOpened(file.get())) {
                return;
            }
            connect(file.isPresent());
        } catch (StoreException wrong) {
            told.accept(fail(DATABASE, wrong.getMessage(), helpAgainst(wrong)));
        }
    }

    /** A file that is held is another process's; one that is missing must not be made. */
    private boolean isToBeOpened(Path file) {
        if (!Files.exists(file)) {
            inUse = Optional.of(false);
            told.accept(ok(DATABASE, "there is no H2 file " + file + " yet; serve makes it"));
            return false;
        }
        boolean held = Inspection.isHeld(file);
        inUse = Optional.of(held);
        if (held) {
            told.accept(ok(DATABASE, "a running process has the H2 file " + file
                + ", so it was not opened; ask that process: /api/health, /api/metrics"));
        }
        return !held;
    }

    private static String helpAgainst(StoreException wrong) {
        String said = wrong.getMessage();
        if (said.contains("cannot be reached") || said.contains("starting or stopping")) {
            return "start the database, or mend pactor.store.jdbc-url and what lies between";
        }
        if (said.contains("damaged") || said.contains("has gone back")) {
            return "see docs/operating.md, \"The file of the embedded database is damaged\"";
        }
        return said.contains("password") || said.contains("lacks a right")
            ? "see pactor.store.user and pactor.store.password, and that user's rights"
            : "see pactor.store.* with \"pactor config print\"";
    }

    private void connect(boolean isFile) {
        try (Inspection look = Inspection.open(store)) {
            Inspection.Clock clock = look.clock();
            reached(look, clock, isFile);
            if (isFile) {
                attempt(FILE, () -> file(look.damage()));
            }
            attempt(DURABILITY, () -> durability(look));
            if (look.isServer()) {
                clock(clock);
            }
            if (schema(look)) {
                if (look.isServer()) {
                    attempt(NODES, () -> nodes(look.nodes()));
                }
                attempt(ENCRYPTION, () -> encryption(look.keys()));
                attempt(TRANSACTIONS,
                    () -> transactions(look.counts(DoctorBounds.OVERDUE)));
            }
        }
    }

    /** One check that fails does not keep the others from being made. */
    private void attempt(String check, Runnable work) {
        try {
            work.run();
        } catch (StoreException wrong) {
            told.accept(fail(check, wrong.getMessage(), "mend that in the database"));
        }
    }

    private void reached(Inspection look, Inspection.Clock clock, boolean isFile) {
        String found = look.product() + (isFile ? ", opened to read alone"
            : ", round trip " + millis(clock.roundTrip()));
        told.accept(clock.roundTrip().compareTo(DoctorBounds.ROUND_TRIP_WARN) > 0
            ? warn(DATABASE, found, "each decision waits for a few of these; bring the database"
                + " nearer")
            : ok(DATABASE, found));
    }

    private void file(String damage) {
        told.accept(damage.isEmpty() ? ok(FILE, "all of it that is in use is as it was written")
            : fail(FILE, damage, "copy the data directory and restore a backup, see"
                + " docs/operating.md, \"The file of the embedded database is damaged\""));
    }

    private void durability(Inspection look) {
        String sentence = look.durability();
        told.accept(look.isCareless()
            ? warn(DURABILITY, sentence, "set the server so that a commit waits for the disk")
            : ok(DURABILITY, sentence));
    }

    private void clock(Inspection.Clock clock) {
        told.accept(clock(clock.ahead(), clock.apart()));
    }

    /**
     * What a difference means.
     *
     * @param ahead by how much the database's clock is ahead
     * @param apart how large the difference is at least
     */
    public static Diagnosis clock(Duration ahead, Duration apart) {
        String found = "that of the database is " + millis(ahead.abs())
            + (ahead.isNegative() ? " behind" : " ahead of") + " this machine's";
        String advice = "let both machines follow the same time servers (NTP)";
        return apart.compareTo(DoctorBounds.CLOCK_FAIL) > 0 ? fail(CLOCK, found, advice)
            : apart.compareTo(DoctorBounds.CLOCK_WARN) > 0 ? warn(CLOCK, found, advice)
                : ok(CLOCK, found);
    }

    /** @return whether there are tables that can be read */
    private boolean schema(Inspection look) {
        try {
            Optional<String> wrong = look.schema();
            told.accept(wrong.map(line -> line.contains("serve makes them")
                    ? warn(SCHEMA, line.split(";")[0],
                        "start serve, or run \"pactor schema apply\"")
                    : fail(SCHEMA, line.split(": ", 2)[0], line.split(": ", 2)[1]))
                .orElseGet(() -> ok(SCHEMA, "version " + Schema.VERSION + ", as it should be")));
            return wrong.isEmpty();
        } catch (StoreException wrong) {
            told.accept(fail(SCHEMA, wrong.getMessage(),
                "put back a backup, or see that user's rights"));
            return false;
        }
    }

    private void nodes(List<NodeTable.Row> rows) {
        Duration lease = settings.cluster().lease();
        Set<String> alive = new TreeSet<>();
        Set<String> versions = new TreeSet<>();
        for (NodeTable.Row row : rows) {
            String node = row.node().address() + " (" + row.node().version() + ")";
            String age = ", last renewed " + millis(row.age()) + " ago";
            if (row.expelled()) {
                told.accept(warn(NODES, node + " was shut out by the others" + age,
                    "see that its process has ended and is started again"));
            } else if (row.age().compareTo(lease) > 0) {
                told.accept(warn(NODES, node + " is taken for dead" + age,
                    "start it again; the row of one that will not come back goes by itself"));
            } else if (row.node().shards() != settings.coordinator().shards()) {
                alive.add(row.node().address());
                told.accept(fail(NODES, node + " lives, with pactor.coordinator.shards = "
                    + row.node().shards() + ", and here it is " + settings.coordinator().shards(),
                    "set it to the same on each node"));
            } else {
                alive.add(row.node().address());
                versions.add(row.node().version());
                told.accept(ok(NODES, node + " lives" + age));
            }
        }
        if (alive.isEmpty()) {
            told.accept(ok(NODES, "none lives"));
        }
        if (versions.size() > 1) {
            told.accept(warn(NODES, "they are of several versions: " + String.join(", ", versions),
                "bring the upgrade to its end"));
        }
        living = Set.copyOf(alive);
        inUse = Optional.of(!alive.isEmpty());
    }

    private void encryption(List<UsedKey> used) {
        Optional<String> current = store.encryption().keys().current().map(Key::name);
        List<String> names = used.stream().map(UsedKey::name).toList();
        for (UsedKey key : used) {
            if (!key.isSame()) {
                told.accept(fail(ENCRYPTION, "key " + key.name() + " is not the one that was used"
                    + " under that name", "put that one back into"
                    + " pactor.store.encryption.keys-file, and give the new one a new name"));
            } else if (!key.isThere()) {
                String found = "key " + key.name() + " is missing: what it encrypted cannot be"
                    + " read";
                String advice = "put it back into pactor.store.encryption.keys-file, unless"
                    + " nothing that it encrypted is left";
                told.accept(key == used.get(0) ? fail(ENCRYPTION, found, advice)
                    : warn(ENCRYPTION, found, advice));
            }
        }
        told.accept(ok(ENCRYPTION, current.map(key -> "payloads are encrypted with key " + key)
            .orElse("payloads are written in the clear") + (names.isEmpty() ? ""
                : "; used so far: " + String.join(", ", names))));
    }

    private void transactions(Inspection.Counts counts) {
        String found = counts.unfinished() + " unfinished, " + counts.overdue()
            + " overdue by more than " + DoctorBounds.OVERDUE.toSeconds() + " s, "
            + counts.quarantined() + " in quarantine, " + counts.forgotten() + " forgotten";
        List<String> advice = new ArrayList<>();
        if (counts.forgotten() > 0) {
            advice.add("rows break the rule of the due time, see docs/operating.md, \"Prove that"
                + " nothing is forgotten\": take a backup and report it");
        }
        if (counts.quarantined() > 0) {
            advice.add("see docs/operating.md, \"Quarantine\"");
        }
        if (counts.overdue() > 0) {
            advice.add(inUse.orElse(false)
                ? "raise pactor.waker.per-second if participants bear it, and see the log"
                : "start serve, which goes on with them");
        }
        String todo = advice.stream().collect(Collectors.joining("; "));
        told.accept(counts.forgotten() > 0 ? fail(TRANSACTIONS, found, todo)
            : todo.isEmpty() ? ok(TRANSACTIONS, found) : warn(TRANSACTIONS, found, todo));
    }

    private static String millis(Duration time) {
        return time.toSeconds() >= 10 ? time.toSeconds() + " s"
            : String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
