package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import transaction.Topics;

/** Topics as the key-value view shows them: DTM keeps them in a table of keys and values. */
final class WireKeyValues {

    /** The one category that there is. */
    static final String TOPICS = "topics";

    private WireKeyValues() {}

    /** Answer of {@code scanKV}. */
    static byte[] page(List<Topics.Topic> topics, String next) {
        return JsonOut.object(out -> {
            items(out, topics);
            out.writeStringField("next_position", next);
        });
    }

    /** Answer of {@code queryKV}. */
    static byte[] of(List<Topics.Topic> topics) {
        return JsonOut.object(out -> items(out, topics));
    }

    private static void items(JsonGenerator out, List<Topics.Topic> topics) throws IOException {
        out.writeArrayFieldStart("kv");
        for (int i = 0; i < topics.size(); i++) {
            Topics.Topic topic = topics.get(i);
            out.writeStartObject();
            out.writeNumberField("id", i + 1);
            out.writeStringField("create_time", WireRecords.time(topic.createdAt()));
            out.writeStringField("update_time", WireRecords.time(topic.updatedAt()));
            out.writeStringField("cat", TOPICS);
            out.writeStringField("k", topic.name());
            out.writeStringField("v", subscribers(topic));
            out.writeNumberField("version", topic.version());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String subscribers(Topics.Topic topic) {
        return JsonOut.arrayText(out -> {
            for (Topics.Subscriber subscriber : topic.subscribers()) {
                out.writeStartObject();
                out.writeStringField("url", subscriber.url());
                out.writeStringField("remark", subscriber.remark());
                out.writeEndObject();
            }
        });
    }
}
