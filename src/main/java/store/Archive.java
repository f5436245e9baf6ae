package store;

import codec.EventFields;
import codec.SubmissionFields;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import transaction.Attempts;
import transaction.Attempts.Kept;
import transaction.BranchOp;
import transaction.Context;
import transaction.Entry;
import transaction.GlobalTransaction;
import transaction.History.Finished;
import transaction.Limits;
import transaction.Options;
import transaction.Summary;

/**
 * Turns finished transactions into lines of JSON that stand for themselves: what was asked for, how
 * it ended, its branches, and its events as the journal has them. Reading blocks.
 */
public final class Archive {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Database database;
    private final TransactionTable index;
    private final AttemptTable attempts;

    public Archive(Database database) {
        this.database = database;
        this.index = new TransactionTable(database);
        this.attempts = new AttemptTable(database);
    }

    /**
     * One transaction.
     *
     * @param line JSON without a line break; null if there is none
     * @param trouble why there is none: the history cannot be trusted; empty if there is one
     */
    public record Read(byte[] line, String trouble) {}

    /** Empty if the transaction was removed meanwhile. */
    public Optional<Read> read(Finished chosen) {
        Optional<Summary> row;
        try {
            row = index.find(chosen.gid()).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException sql && database.isDamage(sql)) {
                return Optional.of(new Read(null, Replay.UNREADABLE));
            }
            throw e;
        }
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Replay replay = database.replay(chosen.gid());
        List<Entry> entries = new ArrayList<>();
        GlobalTransaction t = GlobalTransaction.ABSENT;
        try {
            for (boolean more = true; more;) {
                Replay.Page page = database.read(Lane.DESK, replay::next).join();
                if (page.broken() != null) {
                    return Optional.of(new Read(null, page.broken()));
                }
                for (Entry entry : page.entries()) {
                    t = entry.applyTo(t);
                }
                entries.addAll(page.entries());
                more = !page.isLast();
            }
        } catch (IllegalStateException wrong) {
            return Optional.of(new Read(null, "an event does not fit: " + wrong.getMessage()));
        }
        if (t.isRemoved()) {
            return Optional.empty();
        }
        return Optional.of(t.status() == row.get().status()
            ? new Read(line(t, entries, attempts(t.gid())), "")
            : new Read(null, "its events do not lead to its status"));
    }

    private List<Kept> attempts(String gid) {
        List<Kept> all = new ArrayList<>();
        String cursor = "";
        do {
            Optional<Attempts.Page> page = attempts
                .list(gid, Attempts.Filter.ALL, cursor, Limits.PAGE_ROWS)
                .toCompletableFuture().join();
            page.ifPresent(there -> all.addAll(there.kept()));
            cursor = page.map(Attempts.Page::next).orElse("");
        } while (!cursor.isEmpty());
        return all;
    }

    private static byte[] line(GlobalTransaction t, List<Entry> entries, List<Kept> attempts) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
                JsonFields fields = new JsonFields(json);
                json.writeStartObject();
                json.writeStringField("gid", t.ownGid());
                String namespace = t.submission().context().namespace();
                said(json, "namespace",
                    namespace.equals(Context.DEFAULT_NAMESPACE) ? "" : namespace);
                json.writeStringField("mode", t.mode().wire());
                json.writeStringField("status", t.status().wire());
                json.writeStringField("openedAt", t.openedAt().toString());
                json.writeStringField("endedAt", t.updatedAt().toString());
                json.writeStringField("protocol", t.submission().protocol().wire());
                said(json, "reason", t.reason());
                said(json, "result", t.result());
                said(json, "queryPrepared", t.submission().queryPrepared());
                said(json, "customData", t.submission().customData());
                Options options = t.options();
                if (!options.equals(Options.NONE)) {
                    fields.record(0, "options", options, SubmissionFields::options);
                }
                branches(json, t.ops());
                attempts(json, attempts);
                json.writeArrayFieldStart("entries");
                entries.forEach(entry -> fields.object(entry, EventFields::write));
                json.writeEndArray();
                json.writeEndObject();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was sent to them is in the events. */
    private static void branches(JsonGenerator json, List<BranchOp> ops) throws IOException {
        json.writeArrayFieldStart("branches");
        for (BranchOp op : ops) {
            json.writeStartObject();
            json.writeStringField("branch", op.branchId());
            json.writeStringField("op", op.op().wire());
            json.writeStringField("url", op.url());
            json.writeStringField("status", op.status().wire());
            said(json, "reason", op.reason());
            json.writeStringField("createdAt", op.createdAt().toString());
            json.writeStringField("updatedAt", op.updatedAt().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void attempts(JsonGenerator json, List<Kept> attempts) throws IOException {
        json.writeArrayFieldStart("attempts");
        for (Kept each : attempts) {
            json.writeStartObject();
            json.writeStringField("branch", each.key().branchId());
            json.writeStringField("op", each.key().op().wire());
            if (each.number() > 0) {
                json.writeNumberField("number", each.number());
            }
            json.writeStringField("startedAt", each.startedAt().toString());
            json.writeStringField("outcome", each.outcome().wire());
            json.writeStringField("took", Duration.ofNanos(1_000 * each.tookMicros()).toString());
            said(json, "statusLine", each.record().statusLine());
            said(json, "error", each.record().error());
            said(json, "request", each.record().request());
            said(json, "answer", each.record().answer());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void said(JsonGenerator json, String field, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field, text);
        }
    }
}
