package store;

import audit.Act;
import audit.Head;
import audit.Row;
import audit.Who;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPInputStream;

/** Reads the audit log: from the database, or from files of lines that were exported. */
public final class AuditReader {

    private static final int PAGE_ROWS = 500;

    private AuditReader() {}

    /** What takes rows. */
    @FunctionalInterface
    public interface Sink {
        void row(Row row) throws IOException;
    }

    /**
     * Hands out the rows after that number as they are at one moment, in their order. Changes
     * nothing. Blocks.
     *
     * @return where the database says that the log ends; empty if it does not say
     * @throws StoreException if the database cannot be used, or has other tables
     */
    public static Optional<Head> read(StoreSettings settings, long after, Sink sink)
            throws IOException {
        Dialect dialect = Dialect.of(settings);
        try (Connection connection =
                Connections.first(dialect.url(settings), dialect, settings)) {
            Optional<String> wrong = Schema.check(connection, dialect);
            if (wrong.isPresent()) {
                throw new StoreException(wrong.get());
            }
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            Optional<Head> head = AuditTable.head(connection);
            long from = after;
            List<Row> page;
            do {
                page = AuditTable.rows(connection, from, PAGE_ROWS);
                for (Row row : page) {
                    sink.row(row);
                    from = row.number();
                }
            } while (page.size() == PAGE_ROWS);
            connection.rollback();
            return head;
        } catch (SQLException e) {
            throw dialect.explained(e, settings);
        }
    }

    /**
     * The newest rows first. Does not block.
     *
     * @param before the number of a row that is too new; {@link Long#MAX_VALUE} for the first page
     */
    public static CompletionStage<List<Row>> newest(Database database, long before, int limit) {
        return database.read(Lane.DESK, connection -> {
            long last = Math.min(
                before - 1, AuditTable.head(connection).map(Head::number).orElse(0L));
            List<Row> rows = new ArrayList<>(
                AuditTable.rows(connection, Math.max(0, last - limit), limit));
            rows.removeIf(row -> row.number() > last);
            Collections.reverse(rows);
            return rows;
        });
    }

    /**
     * Hands out the rows of a file that {@link #line} has made, packed if its name ends in {@code
     * .gz}. Blocks.
     *
     * @throws IllegalArgumentException with the number of a line that is none of these
     */
    public static void read(Path file, Sink sink) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz")
                    ? new GZIPInputStream(bytes) : bytes;
                BufferedReader in = new BufferedReader(
                    new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                try {
                    sink.row(row(EventCodec.MAPPER.readTree(line)));
                } catch (JsonProcessingException | DateTimeException | NullPointerException no) {
                    throw new IllegalArgumentException(
                        file + ", line " + number + ": this is no row of an audit log", no);
                }
            }
        }
    }

    /** A row as a JSON object in one line. */
    public static byte[] line(Row row) {
        Act act = row.act();
        ObjectNode json = EventCodec.MAPPER.createObjectNode();
        json.put("number", row.number());
        json.put("at", Micros.toInstant(row.at()).toString());
        json.put("kind", act.kind().text());
        json.put("about", act.about());
        json.put("caller", act.who().name());
        json.put("role", act.who().role());
        json.put("known_by", act.who().how());
        json.put("address", act.who().address());
        json.put("act", act.action());
        json.put("target", act.target());
        json.put("reason", act.reason());
        json.put("before", act.before());
        json.put("after", act.after());
        json.put("result", act.result());
        json.put("key", row.key());
        json.put("former", row.former());
        json.put("seal", row.seal());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Row row(JsonNode json) {
        Who who = new Who(text(json, "caller"), text(json, "role"), text(json, "known_by"),
            text(json, "address"));
        Act act = new Act(Act.Kind.of(text(json, "kind")), json.get("about").asLong(), who,
            text(json, "act"), text(json, "target"), text(json, "reason"), text(json, "before"),
            text(json, "after"), text(json, "result"));
        return new Row(json.get("number").asLong(), Micros.of(Instant.parse(text(json, "at"))),
            act, text(json, "key"), text(json, "former"), text(json, "seal"));
    }

    private static String text(JsonNode json, String name) {
        return json.get(name).asText();
    }
}
