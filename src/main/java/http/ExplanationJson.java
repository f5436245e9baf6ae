package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import security.Caller;
import transaction.Action;
import transaction.Explanation;

/** Why a transaction is where it is, as JSON; what participants answered is not for everybody. */
final class ExplanationJson {

    private final PayloadMask mask;

    private ExplanationJson(PayloadMask mask) {
        this.mask = mask;
    }

    /** As {@code caller} may read it. */
    static ExplanationJson readableBy(Caller caller) {
        return new ExplanationJson(PayloadMask.of(caller));
    }

    byte[] of(String gid, Explanation why) {
        return JsonOut.object(out -> {
            out.writeStringField("gid", gid);
            out.writeStringField("summary", mask.reason(why.summary()));
            out.writeArrayFieldStart("happened");
            for (String each : why.happened()) {
                out.writeString(mask.reason(each));
            }
            out.writeEndArray();
            TransactionJson.text(out, "waits_for", mask.reason(why.waitsFor()));
            if (why.next() == null) {
                out.writeNullField("next");
            } else {
                out.writeObjectFieldStart("next");
                out.writeStringField("what", why.next().what());
                TransactionJson.time(out, "at", why.next().at());
                out.writeEndObject();
            }
            out.writeArrayFieldStart("actions");
            for (Action each : why.actions()) {
                action(out, each);
            }
            out.writeEndArray();
        });
    }

    private void action(JsonGenerator out, Action action) throws IOException {
        out.writeStartObject();
        out.writeStringField("action", action.name());
        if (action.key() != null) {
            out.writeStringField("branch_id", action.key().branchId());
            out.writeStringField("op", action.key().op().wire());
        }
        out.writeBooleanField("allowed", action.allowed());
        TransactionJson.text(out, "effect", action.effect());
        TransactionJson.text(out, "because", mask.reason(action.because()));
        out.writeEndObject();
    }
}
