package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Details;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;

/** Encrypted rows that somebody changed who knows the checksum, and no key. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class TamperedRowsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String OTHER = "not what was written in this place with key k1";

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;
    private Database database;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(new TestKeys("k1").in(place.settings()), H2Files.meter());
        Journals.append(database, "g", Samples.sagaThatSucceeds("g")).join();
        Journals.append(database, "h", Samples.sagaThatSucceeds("h")).join();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anEntryIsReadInItsPlaceAlone() {
        byte[] first = payload("g", 1);
        byte[] second = payload("g", 2);
        byte[] otherSecond = payload("h", 2);

        put("g", 2, 4, first);
        assertBroken("entry 2 is " + OTHER);
        put("g", 2, 4, otherSecond);
        assertBroken("entry 2 is " + OTHER);
        for (int bit = 0; bit < 8 * second.length; bit += 61) {
            byte[] flipped = second.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            put("g", 2, 4, flipped);
            String said = Journals.read(database, "g").broken();
            assertTrue(said.startsWith("entry 2 is "), said);
        }
        put("g", 2, 4, Arrays.copyOf(second, second.length - 1));
        assertBroken("entry 2 is " + OTHER);
        put("g", 2, 4, new byte[0]);
        assertBroken("entry 2 is not what was written: nothing encrypted is there");
        put("g", 2, 2, second);
        assertTrue(Journals.read(database, "g").broken().startsWith("entry 2 "));

        put("g", 2, 4, second);
        assertBroken(null);
    }

    /** An id that was forgotten may be used again; what the former one wrote does not fit. */
    @Test
    void anEntryOfAFormerTransactionOfTheSameIdIsRefused() {
        byte[] former = payload("g", 1);
        place.execute("DELETE FROM pactor_journal WHERE transaction_id = " + idOf("g"));
        place.execute("DELETE FROM pactor_transaction WHERE gid = 'g'");
        Journals.append(database, "g", 1,
            Samples.opened(Samples.saga("g"), Samples.START.plusSeconds(1))).join();
        assertBroken(null);

        put("g", 1, 4, former);

        assertBroken("entry 1 is " + OTHER);
    }

    @Test
    void piecesStayInTheirOrderAndTheirEntry() {
        for (String gid : List.of("l", "m")) {
            Journals.append(database, gid, 1, Samples.opened(
                Samples.large(gid, 3 * EventCodec.PIECE_BYTES), NOON)).join();
        }
        List<byte[]> own = pieces("l");
        List<byte[]> others = pieces("m");
        assertEquals(4, own.size());
        Replay.Page whole = Journals.read(database, "l");

        refused(List.of(own.get(1), own.get(0), own.get(2), own.get(3)));
        refused(own.subList(0, 3));
        refused(List.of(own.get(0), own.get(2), own.get(3)));
        refused(List.of(own.get(0), others.get(1), own.get(2), own.get(3)));
        refused(List.of(own.get(0), own.get(1), own.get(2), own.get(3), own.get(3)));
        refused(others);

        putPieces("l", own);
        assertEquals(whole.entries(), Journals.read(database, "l").entries());
    }

    @Test
    void aTextOfTheIndexIsReadInItsColumnAndRowAlone() {
        for (String gid : List.of("a", "b")) {
            Submission asked = new Submission(gid, Mode.TCC, List.of(), "", Protocol.HTTP,
                "data of " + gid, Details.PLAIN,
                new Options(false, 0, 0, 0, 0, 0, Map.of("X", gid), false));
            Event opened = new Event.Opened(asked, Status.PREPARED, NOON);
            Journals.append(database, gid, 1, Samples.entry(List.of(opened),
                opened.applyTo(GlobalTransaction.ABSENT), NOON)).join();
        }
        String own = text("a", "custom_data");

        for (String wrong : List.of(text("b", "custom_data"), text("a", "options"),
                own.substring(0, own.length() - 4), own.substring(0, 9), own + "!")) {
            place.execute("UPDATE pactor_transaction SET custom_data = ? WHERE gid = 'a'", wrong);
            Summary row = find("a");
            assertTrue(row.quarantine().startsWith("this row cannot be read: not what was"),
                row.toString());
            assertEquals(Status.PREPARED, row.status());
            assertEquals("data of b", find("b").submission().customData());
        }
        place.execute("UPDATE pactor_transaction SET custom_data = ? WHERE gid = 'a'", own);
        assertEquals("data of a", find("a").submission().customData());
    }

    /** What cannot be understood although it was decrypted is not told: it is a payload. */
    @Test
    void nothingDecryptedIsToldByAComplaint() {
        PayloadCipher.Owner owner =
            new PayloadCipher.Owner("g", Micros.of(Samples.START));
        byte[] senseless = {7, 7, 7, 7};
        put("g", 1, 4, encryption.Envelope.seal(TestKeys.key("k1"), senseless,
            PayloadCipher.place(owner, 1, 4, 0, 0)));

        assertBroken("entry 1 cannot be understood");
    }

    private void refused(List<byte[]> pieces) {
        putPieces("l", pieces);
        assertEquals("entry 1 is " + OTHER, Journals.read(database, "l").broken());
    }

    private void assertBroken(String expected) {
        assertEquals(expected, Journals.read(database, "g").broken());
    }

    private Summary find(String gid) {
        return new TransactionTable(database).find(gid).toCompletableFuture().join().orElseThrow();
    }

    private String text(String gid, String column) {
        return place.query("SELECT " + column + " FROM pactor_transaction WHERE gid = '" + gid
            + "'").get(0);
    }

    private String idOf(String gid) {
        return place.query("SELECT id FROM pactor_transaction WHERE gid = '" + gid + "'").get(0);
    }

    private byte[] payload(String gid, long ordinal) {
        return bytes("SELECT payload FROM pactor_journal WHERE transaction_id = " + idOf(gid)
            + " AND ordinal = " + ordinal).get(0);
    }

    private List<byte[]> pieces(String gid) {
        return bytes("SELECT payload FROM pactor_journal_piece WHERE transaction_id = "
            + idOf(gid) + " ORDER BY piece");
    }

    private List<byte[]> bytes(String sql) {
        try (Connection connection = place.connect();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            List<byte[]> all = new ArrayList<>();
            while (row.next()) {
                all.add(row.getBytes(1));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(String gid, long ordinal, int version, byte[] payload) {
        assertEquals(1, place.execute("UPDATE pactor_journal SET payload = ?, version = ?,"
            + " checksum = ? WHERE ordinal = ? AND transaction_id = " + idOf(gid), payload, version,
            Append.checksum(gid, ordinal, version, List.of(payload)), ordinal));
    }

    private void putPieces(String gid, List<byte[]> pieces) {
        place.execute("DELETE FROM pactor_journal_piece WHERE transaction_id = " + idOf(gid));
        for (int i = 0; i < pieces.size(); i++) {
            place.execute("INSERT INTO pactor_journal_piece (transaction_id, ordinal, piece,"
                + " payload) VALUES (" + idOf(gid) + ", 1, ?, ?)", i, pieces.get(i));
        }
        assertEquals(1, place.execute("UPDATE pactor_journal SET payload = ?, checksum = ?"
            + " WHERE transaction_id = " + idOf(gid), new byte[] {(byte) pieces.size()},
            Append.checksum(gid, 1, EventCodec.ENCRYPTED_IN_PIECES, pieces)));
    }
}
