package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import transaction.Bulk;
import transaction.BulkAction;

/** Bulk operations as they are told. */
final class BulkJson {

    private BulkJson() {}

    static byte[] one(Bulk bulk) {
        return JsonOut.object(out -> fields(out, bulk));
    }

    static void row(JsonGenerator out, Bulk bulk) throws IOException {
        out.writeStartObject();
        fields(out, bulk);
        out.writeEndObject();
    }

    private static void fields(JsonGenerator out, Bulk bulk) throws IOException {
        BulkAction action = bulk.action();
        out.writeStringField("id", bulk.id());
        out.writeStringField("state", bulk.state().wire());
        out.writeStringField("action", action.kind().wire());
        TransactionJson.text(
            out, "branch_id", action.key() == null ? "" : action.key().branchId());
        TransactionJson.text(out, "op", action.key() == null ? "" : action.key().op().wire());
        TransactionJson.text(out, "outcome", action.outcome());
        TransactionJson.time(out, "until", action.until());
        out.writeFieldName("filter");
        out.writeRawValue(bulk.selection());
        TransactionJson.text(out, "reason", action.reason());
        TransactionJson.text(out, "by", action.by());
        TransactionJson.text(out, "changed_by", bulk.changedBy());
        TransactionJson.time(out, "begun_at", bulk.begunAt());
        TransactionJson.time(out, "updated_at", bulk.updatedAt());
        TransactionJson.time(out, "ended_at", bulk.endedAt());
        out.writeNumberField("total", bulk.progress().total());
        out.writeNumberField("succeeded", bulk.progress().succeeded());
        out.writeNumberField("refused", bulk.progress().refused());
        out.writeNumberField("failed", bulk.progress().failed());
        out.writeNumberField("remaining", bulk.progress().remaining());
    }

    static void item(JsonGenerator out, Bulk.Item item) throws IOException {
        out.writeStartObject();
        out.writeNumberField("number", item.number());
        out.writeStringField("gid", item.gid());
        out.writeStringField("result", item.result().wire());
        TransactionJson.text(out, "detail", item.detail());
        TransactionJson.time(out, "at", item.at());
        out.writeEndObject();
    }
}
