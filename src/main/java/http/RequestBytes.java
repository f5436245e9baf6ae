package http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import transaction.ByteBudget;
import transaction.HttpUrl;
import transaction.Utf8;

/**
 * The bytes that a client sends on one connection, handed on head by head and body by body: a head
 * only when it is complete, came in time and can be read in one way. In place of a head that is
 * refused it hands on {@link #REFUSED}, and nothing after it; the answer waits in
 * {@link RequestCount}. Materialized once.
 */
final class RequestBytes extends GraphStage<FlowShape<ByteString, ByteString>> {

    /** Takes the place of a request that was refused, so that the answer comes in its turn. */
    private static final ByteString REFUSED = ascii(
        "GET / HTTP/1.1\r\nHost: pactor\r\nConnection: close\r\n\r\n");

    private static final ByteString LINE_END = ascii("\r\n");
    private static final ByteString LAST_CHUNK = ascii("0\r\n\r\n");
    private static final String HEAD = "head";

    /** Empty lines before a request are passed over, as RFC 9112 wants it, up to so many. */
    private static final int EMPTY_LINES_MAX = 8;

    private final Inlet<ByteString> in = Inlet.create("received");
    private final Outlet<ByteString> out = Outlet.create("requests");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final HttpSettings settings;
    private final ByteBudget budget;
    private final RequestCount requests;
    private volatile AsyncCallback<Boolean> ends;

    /**
     * What is put up with.
     *
     * @param budget for what is held of all connections
     */
    record Bounds(HttpSettings settings, ByteBudget budget) {}

    RequestBytes(Bounds bounds, RequestCount requests) {
        this.settings = bounds.settings();
        this.budget = bounds.budget();
        this.requests = requests;
    }

    /** Takes nothing more from the client, unless a request of it is without an answer. */
    void endUnlessAsked() {
        ends.invoke(true);
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        Logic logic = new Logic();
        ends = logic.ends;
        return logic;
    }

    private final class Logic extends TimerGraphStageLogic {

        private final AsyncCallback<Boolean> ends = createAsyncCallback(asked -> {
            if (requests.isClientsTurn()) {
                end();
            }
        });
        private final ReceivedBytes received = new ReceivedBytes();
        private RequestHead head = new RequestHead(settings);
        private ChunkedBody chunks;
        private long bodyLeft;
        private int heads;
        private int emptyLines;
        private long held;
        private boolean isTimed = true;
        private boolean isCrowdedOut;
        private boolean isEnded;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    if (isEnded) {
                        grab(in);
                        pull(in); // What is unread when the connection closes hides the answer.
                    } else {
                        received.append(grab(in));
                        advance();
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (isEnded || received.size() == 0) {
                        completeStage();
                    } else if (isAvailable(out)) {
                        advance();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isEnded) {
                        advance();
                    }
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce(HEAD, settings.headTimeout());
        }

        @Override
        public void onTimer(Object head) {
            isTimed = false;
            if (received.size() == 0) {
                end();
            } else if (isAvailable(out)) {
                push(out, refuse(HttpAnswer.clientError(408, "the head of the request did not come"
                    + " within " + settings.headTimeout().toSeconds() + " seconds")));
            }
        }

        @Override
        public void postStop() {
            received.clear();
            account();
        }

        /** Hands on what there is, or asks for more. */
        private void advance() {
            ByteString next = next();
            if (next == null && !account()) {
                next = next();
            }
            if (next != null) {
                push(out, next);
                account();
            } else if (isClosed(in)) {
                completeStage();
            } else if (!isEnded && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        /** Counts what is held of requests to come; returns whether there is room for it. */
        private boolean account() {
            // A body is counted by who asked for it.
            int now = chunks == null ? received.size() : 0;
            if (now > held && !budget.take(now - held)) {
                received.clear();
                isCrowdedOut = true;
                account();
                return false;
            }
            if (now < held) {
                budget.give(held - now);
            }
            held = now;
            return true;
        }

        /** What can be handed on; null if more must come first. */
        private ByteString next() {
            if (bodyLeft > 0) {
                return received.size() == 0 ? null : body(0);
            }
            return chunks == null ? head() : chunks();
        }

        private ByteString head() {
            if (isCrowdedOut) {
                return refuse(Bodies.CROWDED);
            }
            if (!skipEmptyLines()) {
                return refuse(HttpAnswer.clientError(400,
                    "this is not an HTTP request: empty lines alone"));
            }
            if (received.size() == 0 || received.size() == 1 && received.at(0) == '\r') {
                return null;
            }
            HttpAnswer wrong = head.read(received);
            if (wrong != null) {
                return refuse(wrong);
            }
            if (!head.isComplete()) {
                if (!isTimed) {
                    scheduleOnce(HEAD, settings.headTimeout());
                    isTimed = true;
                }
                return null;
            }
            return complete();
        }

        /** Returns whether they were few. */
        private boolean skipEmptyLines() {
            while (received.size() > 1 && received.at(0) == '\r' && received.at(1) == '\n'
                    && head.isUnread()) {
                received.skip(2);
                if (++emptyLines > EMPTY_LINES_MAX) {
                    return false;
                }
            }
            return true;
        }

        private ByteString complete() {
            RequestHead complete = head;
            if (complete.hasEscapes() && !isTextUnescaped(complete)) {
                return refuse(HttpAnswer.clientError(400,
                    "the url has percent-encoded bytes that are not UTF-8"));
            }
            ByteString target = null;
            if (complete.hasUnescapedTarget()) {
                target = escaped(complete);
                if (target == null) {
                    return refuse(HttpAnswer.clientError(400,
                        "the url is not UTF-8; percent-encode what is not ASCII"));
                }
            }
            if (isTimed) {
                cancelTimer(HEAD);
                isTimed = false;
            }
            heads++;
            emptyLines = 0;
            head = new RequestHead(settings);
            if (complete.bodyLength() == RequestHead.CHUNKED) {
                chunks = new ChunkedBody(settings.headerBytes());
            } else {
                bodyLeft = complete.bodyLength();
            }
            if (target == null) {
                return body(complete.size());
            }
            ByteString before = received.take(complete.targetFrom());
            received.skip(complete.targetTo() - complete.targetFrom());
            return before.concat(target).concat(body(complete.size() - complete.targetTo()));
        }

        /** What is here of a body whose length is known, behind {@code size} bytes of its head. */
        private ByteString body(int size) {
            int here = (int) Math.min(received.size() - size, bodyLeft);
            bodyLeft -= here;
            if (bodyLeft == 0 && chunks == null) {
                requests.received();
            }
            return received.take(size + here);
        }

        /** In one new chunk, however it came, so that no long chunk is gathered anywhere. */
        private ByteString chunks() {
            ByteString data = chunks.read(received);
            if (chunks.isBroken()) {
                end();
                return null;
            }
            ByteString chunk = data.isEmpty() ? data
                : ascii(Integer.toHexString(data.size()) + "\r\n").concat(data).concat(LINE_END);
            if (chunks.isFinished()) {
                chunks = null;
                requests.received();
                return chunk.concat(LAST_CHUNK);
            }
            return chunk.isEmpty() ? null : chunk;
        }

        /** Whether the escapes in the target are text; decoders put something else there if not. */
        private boolean isTextUnescaped(RequestHead head) {
            String target =
                received.text(head.targetFrom(), head.targetTo() - head.targetFrom());
            return Utf8.decode(HttpUrl.unescape(target)).isPresent();
        }

        /** The target with all that is not ASCII escaped; null if it is no text. */
        private ByteString escaped(RequestHead head) {
            byte[] target = received.text(head.targetFrom(), head.targetTo() - head.targetFrom())
                .getBytes(StandardCharsets.ISO_8859_1);
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(target));
            } catch (CharacterCodingException noText) {
                return null;
            }
            StringBuilder text = new StringBuilder();
            for (byte b : target) {
                if (b < 0) {
                    text.append(String.format("%%%02X", b));
                } else {
                    text.append((char) b);
                }
            }
            return ascii(text.toString());
        }

        private ByteString refuse(HttpAnswer answer) {
            requests.refused(heads + 1, answer);
            isEnded = true;
            received.clear();
            account();
            if (!isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
            return REFUSED;
        }

        private void end() {
            isEnded = true;
            received.clear();
            account();
            complete(out);
            if (isClosed(in)) {
                completeStage();
            } else if (!hasBeenPulled(in)) {
                pull(in);
            }
        }
    }

    private static ByteString ascii(String text) {
        return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.US_ASCII));
    }
}
