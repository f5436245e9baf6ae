package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import audit.Act;
import audit.HeadNotes;
import audit.NotedHeads;
import audit.Row;
import audit.Seals;
import audit.Verification;
import audit.Who;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is done to the rows of the audit log behind the server's back is found and named. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class AuditTableTest {

    private static final int ROWS = 6;
    private static final String NEW_HEAD = "UPDATE pactor_audit_head SET seq = 5, seal ="
        + " (SELECT seal FROM pactor_audit WHERE seq = 5)";

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;
    private Database database;
    private Path heads;
    private Seals keyed;

    @BeforeEach
    void open() throws IOException {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
        heads = dir.resolve("heads");
        keyed = Seals.of(Files.writeString(dir.resolve("key"), "ab".repeat(32)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Something done behind the server's back. @param named what is found of it */
    private record Tampering(String what, String named, String... statements) {}

    private static final List<Tampering> TABLE = List.of(
        new Tampering("nothing", ""),
        new Tampering("the newest", "row 6 is missing at the end: the head",
            "DELETE FROM pactor_audit WHERE seq = 6"),
        new Tampering("the newest, and the head set back",
            "row 6 is missing at the end: heads:12 knows row 6",
            "DELETE FROM pactor_audit WHERE seq = 6", NEW_HEAD),
        new Tampering("the last but one", "row 5 is missing, before row 6",
            "DELETE FROM pactor_audit WHERE seq = 5"),
        new Tampering("two in the middle", "rows 3 to 4 are missing, before row 5",
            "DELETE FROM pactor_audit WHERE seq IN (3, 4)"),
        new Tampering("the first", "row 1 is missing, at the beginning",
            "DELETE FROM pactor_audit WHERE seq = 1"),
        new Tampering("one in the middle, and the gap closed", "row 3 was changed",
            "DELETE FROM pactor_audit WHERE seq = 3",
            "UPDATE pactor_audit SET seq = 3 WHERE seq = 4",
            "UPDATE pactor_audit SET seq = 4 WHERE seq = 5",
            "UPDATE pactor_audit SET seq = 5 WHERE seq = 6"),
        new Tampering("two swapped", "row 2 was changed",
            "UPDATE pactor_audit SET seq = 0 WHERE seq = 2",
            "UPDATE pactor_audit SET seq = 2 WHERE seq = 4",
            "UPDATE pactor_audit SET seq = 4 WHERE seq = 0"),
        new Tampering("all", "rows 1 to 6 are missing at the end: the head",
            "DELETE FROM pactor_audit"),
        new Tampering("all, and the head set back",
            "rows 1 to 6 are missing at the end: heads:12 knows row 6",
            "DELETE FROM pactor_audit",
            "UPDATE pactor_audit_head SET seq = 0, seal = '" + Row.NOTHING + "'"),
        new Tampering("the head gone", "the row of pactor_audit_head is missing",
            "DELETE FROM pactor_audit_head"),
        new Tampering("the head of another row", "the head is not that of row 6",
            "UPDATE pactor_audit_head SET seal = '" + Row.NOTHING + "'"),
        new Tampering("the head set back alone", "row 6 was put behind the head",
            "UPDATE pactor_audit_head SET seq = 5"),
        new Tampering("one copied to the end", "row 7 was changed",
            "INSERT INTO pactor_audit (" + AuditTable.COLUMNS + ") SELECT 7"
                + AuditTable.COLUMNS.substring(3) + " FROM pactor_audit WHERE seq = 6"));

    @Test
    void eachTamperingIsFoundAndNamed() throws IOException {
        for (Tampering each : TABLE) {
            begin(Seals.UNKEYED);
            for (String statement : each.statements) {
                place.execute(statement);
            }
            List<String> found = faults(Seals.UNKEYED);
            assertTrue(each.named.isEmpty() ? found.isEmpty()
                    : found.stream().anyMatch(fault -> fault.startsWith(each.named)),
                each.what + ": " + found);
        }
    }

    @Test
    void aChangeOfEachColumnIsFoundAndNamed() throws IOException {
        Set<String> numbers = Set.of("seq", "written_at", "about");
        for (Seals seals : List.of(Seals.UNKEYED, keyed)) {
            begin(seals);
            for (String column : AuditTable.COLUMNS.split(", ")) {
                String before = place.query("SELECT " + column
                    + " FROM pactor_audit WHERE seq = 3").get(0);
                Object other = numbers.contains(column) ? Long.parseLong(before) + 1_000
                    : Set.of("seal", "former").contains(column) ? before.replaceFirst(".$", "x")
                    : before + " ";
                place.execute("UPDATE pactor_audit SET " + column + " = ? WHERE seq = 3", other);
                List<String> found = faults(seals);
                assertTrue(found.stream().anyMatch(fault ->
                    fault.startsWith(column.equals("seq") ? "row 3 is missing" : "row 3 ")),
                    column + ": " + found);
                place.execute("UPDATE pactor_audit SET " + column + " = ? WHERE seq = ?",
                    numbers.contains(column) ? (Object) Long.valueOf(before) : before,
                    column.equals("seq") ? 1_003 : 3);
                assertEquals(List.of(), faults(seals), column);
            }
        }
    }

    /** Sealed as the server would, but noted nowhere. */
    @Test
    void anInsertedRowIsFoundByTheNotesOutside() throws IOException {
        begin(Seals.UNKEYED);
        write(new AuditWriter(database, Seals.UNKEYED, HeadNotes.NONE), "forged");
        assertTrue(faults(Seals.UNKEYED).get(0).startsWith("row 7 is noted nowhere"));
        write(writer(Seals.UNKEYED), "real");
        List<String> found = faults(Seals.UNKEYED);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).contains("row 7") && found.get(0).contains("forged"));
    }

    /** What a node leaves that is killed, or loses its database, right before or after a commit. */
    @Test
    void aRowThatWasAnnouncedMayBeThereOrNot() throws IOException {
        begin(Seals.UNKEYED);
        List<String> notes = Files.readAllLines(heads);
        Files.write(heads, notes.subList(0, notes.size() - 1));
        assertEquals(List.of(), faults(Seals.UNKEYED));
        place.execute("DELETE FROM pactor_audit WHERE seq = 6");
        place.execute(NEW_HEAD);
        assertEquals(List.of(), faults(Seals.UNKEYED));
    }

    @Test
    void notesThatCannotBeWrittenAreAWarningAndNoRefusal() throws IOException {
        Files.createDirectory(heads);
        HeadNotes notes = new HeadNotes(Optional.of(heads),
            file -> PrivateFiles.open(file, Set.of(StandardOpenOption.WRITE)), false);
        write(new AuditWriter(database, Seals.UNKEYED, notes), "x");
        assertTrue(notes.trouble().orElseThrow().startsWith("the newest rows of the audit log"));
        Files.delete(heads);
        Files.createFile(heads);
        write(new AuditWriter(database, Seals.UNKEYED, notes), "y");
        assertEquals(Optional.empty(), notes.trouble());
    }

    @Test
    void anInsertedRowIsFoundByTheKey() throws IOException {
        begin(keyed);
        write(new AuditWriter(database, Seals.UNKEYED, HeadNotes.NONE), "forged");
        assertTrue(faults(keyed, Optional.empty()).get(0)
            .startsWith("row 7 is sealed without a key"));
    }

    /** What a key cannot do: that a chain ended later once is known to the notes alone. */
    @Test
    void thatTheNewestIsGoneIsFoundByTheNotesAlsoWithAKey() throws IOException {
        begin(keyed);
        place.execute("DELETE FROM pactor_audit WHERE seq = 6");
        place.execute(NEW_HEAD);
        assertEquals(List.of(), faults(keyed, Optional.empty()));
        assertTrue(faults(keyed).get(0).startsWith("row 6 is missing at the end: heads:12"));
    }

    @Test
    void anOlderCopyOfTheDatabaseIsFoundAlsoWhenTheServerGoesOn() throws IOException {
        begin(Seals.UNKEYED);
        place.execute("DELETE FROM pactor_audit WHERE seq = 6");
        place.execute(NEW_HEAD);
        write(writer(Seals.UNKEYED), "another one");
        write(writer(Seals.UNKEYED), "and one more");
        List<String> found = faults(Seals.UNKEYED);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).startsWith("row 6 is not the one that heads:12 knows"),
            found.get(0));
    }

    /** Without a key anybody can compute seals; only what is noted elsewhere tells then. */
    @Test
    void allRowsMadeAnewAreFoundByTheNotesOrByTheKey() throws IOException {
        begin(Seals.UNKEYED);
        makeAnew();
        assertEquals(List.of(), faults(Seals.UNKEYED, Optional.empty()));
        assertTrue(faults(Seals.UNKEYED).get(0).startsWith("row 2 is not the one that heads:4"));

        begin(keyed);
        makeAnew();
        List<String> found = faults(keyed, Optional.empty());
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).startsWith("row 6, the newest, is sealed without a key"));
    }

    @Test
    void aKeyIsIntroducedAndReplaced() throws IOException {
        begin(Seals.UNKEYED);
        write(writer(keyed), "with a key");
        Seals both = Seals.of(Files.writeString(
            dir.resolve("keys"), "ab".repeat(32) + "\n" + "cd".repeat(40)));
        write(writer(both), "with the next");
        assertEquals(List.of(), faults(both));
        assertTrue(faults(keyed).stream().anyMatch(each -> each.startsWith(
            "row 8 is sealed with the key " + both.current() + ", which is not in the key file")));
    }

    /** As the page has it: the server does with less than everything. */
    @Test
    void theServerNeedsNoRightToChangeRows() {
        assumeFalse(place.isH2(), "one user for all");
        String user = "few" + kind.charAt(0);
        place.execute("CREATE USER " + user
            + (place.isMariadb() ? " IDENTIFIED BY 'few'" : " PASSWORD 'few'"));
        try {
            for (String table : place.query("SELECT table_name FROM information_schema.tables"
                    + " WHERE table_name LIKE 'pactor%' AND table_schema = "
                    + (place.isMariadb() ? "DATABASE()" : "CURRENT_SCHEMA()"))) {
                place.execute("GRANT SELECT, INSERT" + (table.equals("pactor_audit") ? ""
                    : ", UPDATE, DELETE") + " ON " + table + " TO " + user);
            }
            StoreSettings few = place.settings().as(user, "few");
            try (Database served = Database.open(few, H2Files.meter())) {
                AuditWriter writer = new AuditWriter(served, Seals.UNKEYED, HeadNotes.NONE);
                write(writer, "x");
                for (String change : List.of("DELETE FROM pactor_audit",
                        "UPDATE pactor_audit SET target = 'y'", "TRUNCATE TABLE pactor_audit")) {
                    assertThrows(CompletionException.class,
                        () -> served.change(Lane.DESK, connection ->
                            connection.createStatement().executeUpdate(change)).join(), change);
                }
            }
            assertEquals(List.of("x"), place.query("SELECT target FROM pactor_audit"));
        } finally {
            if (!place.isMariadb()) {
                place.execute("DROP OWNED BY " + user);
            }
            place.execute("DROP USER " + user);
        }
    }

    /** Those of all nodes are one chain. */
    @Test
    void severalNodesWriteAtOnce() throws IOException {
        // A file of H2 is one process's, so there both are the same.
        Database other =
            place.isH2() ? database : Database.open(place.settings(), H2Files.meter());
        try {
            AuditWriter one = writer(Seals.UNKEYED);
            AuditWriter two = new AuditWriter(other, Seals.UNKEYED, HeadNotes.NONE);
            List<CompletableFuture<Long>> written = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                written.add(one.write(act("one " + i)).toCompletableFuture());
                written.add(two.write(act("two " + i)).toCompletableFuture());
            }
            Set<Long> numbers = new HashSet<>();
            written.forEach(each -> numbers.add(each.join()));
            assertEquals(120, numbers.size());
            assertEquals(List.of(), faults(Seals.UNKEYED, Optional.empty()));
        } finally {
            other.close();
        }
    }

    @Test
    void whatIsRemovedOnPurposeIsCheckedInItsExport() throws IOException {
        begin(Seals.UNKEYED);
        List<byte[]> lines = new ArrayList<>();
        AuditReader.read(place.settings(), 0, row -> lines.add(AuditReader.line(row)));
        Path export = dir.resolve("export");
        for (byte[] line : lines.subList(0, 4)) {
            Files.writeString(export, new String(line, StandardCharsets.UTF_8) + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        place.execute("DELETE FROM pactor_audit WHERE seq <= 4");
        Verification all = new Verification(Seals.UNKEYED, noted());
        AuditReader.read(export, all::row);
        all.end(AuditReader.read(place.settings(), 4, all::row));
        assertEquals(List.of(), all.faults());
        assertEquals(ROWS, all.rows());

        Files.writeString(export, Files.readString(export).replace("gid=3", "gid=4"));
        Verification changed = new Verification(Seals.UNKEYED, noted());
        AuditReader.read(export, changed::row);
        assertTrue(changed.faults().get(0).startsWith("row 3 was changed"));
    }

    /** What comes back from a column must be what was sealed, whatever was put in. */
    @Test
    void anyTextStaysWhatItIs() throws IOException {
        String odd = "a\0b \uD83D\uDE00 \uD83D ü  ";
        Act act = Act.intent(new Who(odd, odd, odd, odd.repeat(100)), odd.repeat(1_000),
            "\uD83D\uDE00".repeat(5_000), odd).from(odd.repeat(99));
        writer(Seals.UNKEYED).write(act).toCompletableFuture().join();
        assertEquals(List.of(), faults(Seals.UNKEYED));
    }

    @Test
    void withoutItsHeadNothingIsWritten() {
        place.execute("DELETE FROM pactor_audit_head");
        assertTrue(assertThrows(CompletionException.class,
            () -> write(writer(Seals.UNKEYED), "x")).getMessage().contains("pactor_audit_head"));
        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_audit"));
    }

    /** Some rows, and nothing from before. */
    private void begin(Seals seals) throws IOException {
        place.execute("DELETE FROM pactor_audit");
        place.execute("DELETE FROM pactor_audit_head");
        place.execute("INSERT INTO pactor_audit_head (id, seq, seal) VALUES (1, 0, ?)",
            Row.NOTHING);
        Files.deleteIfExists(heads);
        AuditWriter writer = writer(seals);
        for (int i = 1; i <= ROWS; i++) {
            write(writer, "gid=" + i);
        }
    }

    /** As somebody would who can write to the database and knows how seals are made. */
    private void makeAnew() throws IOException {
        List<Row> rows = new ArrayList<>();
        AuditReader.read(place.settings(), 0, rows::add);
        String former = Row.NOTHING;
        for (Row row : rows) {
            Act act = row.number() == 2 ? act("gid=innocent") : row.act();
            Row made = Seals.UNKEYED.seal(row.number(), row.at(), act, former);
            place.execute("UPDATE pactor_audit SET target = ?, key_name = '', former = ?, seal = ?"
                + " WHERE seq = ?", act.target(), former, made.seal(), row.number());
            former = made.seal();
        }
        place.execute("UPDATE pactor_audit_head SET seal = ?", former);
    }

    private AuditWriter writer(Seals seals) {
        return new AuditWriter(database, seals, new HeadNotes(Optional.of(heads),
            file -> PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, StandardOpenOption.APPEND)), false));
    }

    private static void write(AuditWriter writer, String target) {
        writer.write(act(target)).toCompletableFuture().join();
    }

    private static Act act(String target) {
        return Act.intent(new Who("alice", "operator", "token", "10.0.0.7"),
            "POST /api/dtmsvr/forceStop", target, "it hangs").from("submitted");
    }

    private NotedHeads noted() throws IOException {
        NotedHeads noted = new NotedHeads();
        noted.read(heads);
        return noted;
    }

    private List<String> faults(Seals seals) throws IOException {
        return faults(seals, Optional.of(noted()));
    }

    private List<String> faults(Seals seals, Optional<NotedHeads> noted) throws IOException {
        Verification all = new Verification(seals, noted.orElseGet(NotedHeads::new));
        all.end(AuditReader.read(place.settings(), 0, all::row));
        return all.faults();
    }
}
