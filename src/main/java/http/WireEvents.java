package http;

import java.nio.charset.StandardCharsets;
import security.Caller;
import transaction.LiveEvents;
import transaction.Notice;

/** Live events as clients read them: each is a line of JSON, with its kind and its id above it. */
final class WireEvents {

    private final NoticeMembers visitor;

    private WireEvents(PayloadMask mask) {
        this.visitor = new NoticeMembers(mask);
    }

    /** As {@code caller} may read them. */
    static WireEvents readableBy(Caller caller) {
        return new WireEvents(PayloadMask.of(caller));
    }

    byte[] page(LiveEvents.Page page) {
        var text = new StringBuilder();
        if (page.missed()) {
            append(text, "", "missed", JsonOut.objectText(out -> {
                out.writeStringField("event", "missed");
                out.writeStringField("message", "events were lost before this one; "
                    + "what they told of can be seen by query");
            }));
        }
        for (LiveEvents.Told each : page.told()) {
            NoticeMembers.Named fields = each.notice().accept(visitor);
            append(text, each.position(), fields.name(), json(each.notice(), fields));
        }
        if (page.dropped()) {
            append(text, "", "dropped", JsonOut.objectText(out -> {
                out.writeStringField("event", "dropped");
                out.writeStringField("message", "this reader was slower than what happens; "
                    + "it may connect again and go on from its last id");
            }));
        } else if (page.told().isEmpty()) {
            // The id moves on all the same: what the filter left out is not to be missed later.
            text.append(": alive\nid: ").append(page.position()).append("\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, String id, String name, String json) {
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
    }

    private static String json(Notice notice, NoticeMembers.Named fields) {
        return JsonOut.objectText(out -> {
            out.writeStringField("event", fields.name());
            out.writeStringField("gid", notice.subject().ownGid());
            out.writeStringField("trans_type", notice.subject().mode().wire());
            out.writeStringField("status", notice.subject().status().wire());
            out.writeStringField("time", WireRecords.time(notice.at()));
            fields.members().write(out);
        });
    }
}
