package wire;

import java.util.concurrent.CompletionStage;
import transaction.Chars;
import transaction.HttpUrl;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Protocol;
import transaction.Reply;
import transaction.Topics;
import transaction.Urls;

/**
 * What a client says of a topic (protocol section 1.10). Each method checks what it needs, with an
 * {@link InvalidRequest} for what does not fit, and does not block.
 *
 * @param topic the name of the topic
 * @param url a subscriber
 * @param remark for people
 */
public record TopicRequest(String topic, String url, String remark) {

    public CompletionStage<Reply> subscribe(Topics topics) {
        requireTopic();
        requireNameable();
        requireUrl();
        atMost("remark", remark, Limits.REMARK_CHARS);
        requireNoControl("remark", remark);
        requireDeliverable();
        return topics.subscribe(topic, url, remark);
    }

    public CompletionStage<Reply> unsubscribe(Topics topics) {
        requireTopic();
        requireUrl();
        return topics.unsubscribe(topic, url);
    }

    public CompletionStage<Reply> delete(Topics topics) {
        requireTopic();
        return topics.delete(topic);
    }

    private void requireTopic() {
        if (topic.isEmpty()) {
            throw new InvalidRequest("empty topic");
        }
        requireName("topic", topic);
    }

    /**
     * Checks what can be the name of a topic, or is empty.
     *
     * @param what how messages call it
     */
    public static void requireName(String what, String name) {
        atMost(what, name, Limits.TOPIC_CHARS);
        requireNoControl(what, name);
    }

    /** Clients take these out of the path of a url, so nobody could delete such a topic. */
    private void requireNameable() {
        if (topic.equals(".") || topic.equals("..")) {
            throw new InvalidRequest("topic must not be . or ..");
        }
    }

    private void requireUrl() {
        if (url.isEmpty()) {
            throw new InvalidRequest("empty url");
        }
        atMost("url", url, Limits.URL_CHARS);
    }

    /**
     * A subscriber is a url that a message may go to, so the rules of branches judge it: those of
     * gRPC, which are the widest. A message in another protocol sees for itself.
     */
    private void requireDeliverable() {
        try {
            Urls.requireCallable("url", url, Protocol.GRPC);
        } catch (InvalidRequest wrong) {
            throw HttpUrl.isHttp(url) ? wrong : new InvalidRequest(
                "url must start with http:// or https://, or be that of a gRPC method: "
                    + Limits.cut(url, 200));
        }
    }

    private static void requireNoControl(String what, String text) {
        if (!Chars.none(text, Character::isISOControl)) {
            throw new InvalidRequest(what + " has a control character");
        }
    }

    private static void atMost(String what, String text, int chars) {
        if (text.length() > chars) {
            throw new InvalidRequest(what + " is longer than " + chars + " characters");
        }
    }
}
