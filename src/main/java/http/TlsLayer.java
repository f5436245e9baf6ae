package http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS between a client's connection and what reads requests from it. Materialized once.
 *
 * <p>In place of Pekko's, which is an actor of its own with five buffers for each connection, and
 * which closes a connection that the client has half closed before the answer is out. Here nothing
 * is kept but bytes that are on their way, and what was handed over before the end is always sent.
 * It knows no time: who does not finish the handshake has sent no head in time.
 */
final class TlsLayer
        extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {

    /** What is spoken inside. */
    static final List<String> PROTOCOLS = List.of("http/1.1", "http/1.0");

    /** For who has taken the wrong scheme. */
    static final ByteString PLAIN_REFUSED = ByteString.fromString(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            + "Content-Length: 35\r\nConnection: close\r\n\r\nthis port speaks TLS: use https://\n",
        StandardCharsets.US_ASCII);

    private static final Logger LOG = LoggerFactory.getLogger(TlsLayer.class);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a record is made in before its size is known; a connection has none of its own. */
    private static final ThreadLocal<ByteBuffer> SCRATCH =
        ThreadLocal.withInitial(() -> NOTHING);

    /** An alert and a goodbye. */
    private static final int FAREWELL_RECORDS = 2;

    /** Sent at once at most, so that many records of a long answer share a write. */
    private static final int SENT_AT_ONCE = 64 << 10;

    private final Inlet<ByteString> answers = Inlet.create("answers");
    private final Outlet<ByteString> sent = Outlet.create("sent");
    private final Inlet<ByteString> received = Inlet.create("received");
    private final Outlet<ByteString> requests = Outlet.create("requests");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
        new BidiShape<>(answers, sent, received, requests);
    private final Supplier<SSLEngine> engines;
    private final Consumer<SSLSession> agreed;

    /** @param agreed told once, before any request is handed on */
    TlsLayer(Supplier<SSLEngine> engines, Consumer<SSLSession> agreed) {
        this.engines = engines;
        this.agreed = agreed;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private final SSLEngine engine = engines.get();

        /** Received and not decrypted yet; less than a record when more is asked for. */
        private ByteBuffer encrypted = NOTHING;

        /** Words of the handshake that wait to be sent. */
        private ByteString words = ByteString.emptyByteString();

        /** Answers that wait to be encrypted. */
        private ByteBuffer plain = NOTHING;

        private boolean hasBegun;
        private boolean isAgreed;
        private boolean isOver;

        Logic() {
            super(shape);
            setHandler(received, new AbstractInHandler() {
                @Override
                public void onPush() {
                    ByteString more = grab(received);
                    if (isOver || isClosed(requests)) {
                        pull(received); // What is unread when the connection closes hides the rest.
                    } else {
                        keep(more);
                        goOn();
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    receivedAll();
                }
            });
            setHandler(requests, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    goOn();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    encrypted = NOTHING;
                    ask();
                }
            });
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    plain = grab(answers).asByteBuffer();
                    goOn();
                }

                @Override
                public void onUpstreamFinish() {
                    goOn();
                }
            });
            setHandler(sent, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    goOn();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    isOver = true;
                    cancel(answers, cause);
                    if (isClosed(received)) {
                        complete(requests);
                    }
                    ask();
                }
            });
        }

        @Override
        public void preStart() {
            try {
                engine.beginHandshake();
                goOn();
            } catch (SSLException unusable) {
                failStage(unusable);
            }
        }

        private void receivedAll() {
            if (isOver) {
                complete(requests);
            } else if (!isAgreed) {
                end();
            } else if (encrypted.hasRemaining()) {
                goOn();
            } else {
                complete(requests);
            }
        }

        private void keep(ByteString more) {
            ByteBuffer both = ByteBuffer.allocate(encrypted.remaining() + more.size());
            both.put(encrypted);
            more.copyToBuffer(both);
            encrypted = both.flip();
        }

        private void goOn() {
            if (isOver) {
                return;
            }
            if (!hasBegun && encrypted.hasRemaining()) {
                hasBegun = true;
                byte first = encrypted.get(encrypted.position());
                if (first >= 'A' && first <= 'Z') {
                    words = PLAIN_REFUSED;
                    end();
                    return;
                }
            }
            try {
                read();
                write();
            } catch (SSLException refused) {
                LOG.debug("a connection was not, or is no longer, TLS", refused);
                lastWords();
            }
        }

        /** Reads what can be read while nothing of the handshake waits to be sent. */
        private void read() throws SSLException {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        engine.getDelegatedTask().run();
                        yield true;
                    }
                    case NEED_WRAP -> {
                        words = words.concat(record(NOTHING));
                        yield !engine.isOutboundDone();
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
                        words.isEmpty() && (!isAgreed || isAvailable(requests)) && decrypt();
                    default -> words.isEmpty() && isAvailable(requests) && decrypt();
                };
            }
        }

        /** Returns whether there may be more. */
        private boolean decrypt() throws SSLException {
            if (engine.isInboundDone() || isClosed(requests)) {
                return false;
            }
            ByteBuffer into = scratch(engine.getSession().getApplicationBufferSize());
            SSLEngineResult result = engine.unwrap(encrypted, into);
            if (isAgreed && isAskedAnew(result.getHandshakeStatus())) {
                throw new SSLException("the client asks for another handshake");
            }
            noteEnd(result.getHandshakeStatus());
            if (into.position() > 0) {
                push(requests, ByteString.fromArray(into.array(), 0, into.position()));
            }
            return switch (result.getStatus()) {
                case CLOSED -> {
                    complete(requests);
                    encrypted = NOTHING;
                    ask();
                    yield engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                }
                case BUFFER_UNDERFLOW -> {
                    if (isClosed(received)) {
                        complete(requests);
                    }
                    ask();
                    yield false;
                }
                default -> true;
            };
        }

        /** Up to TLS 1.2 a client may; nobody needs it, and it costs the server most. */
        private boolean isAskedAnew(HandshakeStatus status) {
            return status != HandshakeStatus.NOT_HANDSHAKING
                && status != HandshakeStatus.FINISHED
                && !engine.isInboundDone()
                && engine.getSession().getProtocol().equals("TLSv1.2");
        }

        private void ask() {
            if (!isClosed(received) && !hasBeenPulled(received)) {
                pull(received);
            }
        }

        /** Sends what there is, and asks for more to send; or says goodbye. */
        private void write() throws SSLException {
            if (!isAvailable(sent)) {
                return;
            }
            ByteString all = words;
            words = ByteString.emptyByteString();
            while (isAgreed && plain.hasRemaining() && all.size() < SENT_AT_ONCE
                    && !engine.isOutboundDone()) {
                all = all.concat(record(plain));
            }
            boolean isLast = isClosed(answers) && !plain.hasRemaining();
            if (isLast) {
                engine.closeOutbound();
                all = all.concat(farewell());
            }
            if (!all.isEmpty()) {
                push(sent, all);
            }
            if (isLast || engine.isOutboundDone()) {
                end();
                return;
            }
            if (isAgreed && !plain.hasRemaining() && !hasBeenPulled(answers)) {
                pull(answers);
            }
            if (!all.isEmpty()) {
                read();
            }
        }

        /** What the engine still has to say when it is closed or has failed. */
        private ByteString farewell() throws SSLException {
            ByteString all = ByteString.emptyByteString();
            for (int i = 0; i < FAREWELL_RECORDS && !engine.isOutboundDone(); i++) {
                all = all.concat(record(NOTHING));
            }
            return all;
        }

        /** The next record that is to be sent. */
        private ByteString record(ByteBuffer from) throws SSLException {
            ByteBuffer into = scratch(engine.getSession().getPacketBufferSize());
            noteEnd(engine.wrap(from, into).getHandshakeStatus());
            return ByteString.fromArray(into.array(), 0, into.position());
        }

        private void noteEnd(HandshakeStatus status) {
            if (status == HandshakeStatus.FINISHED && !isAgreed) {
                isAgreed = true;
                agreed.accept(engine.getSession());
            }
        }

        /** Tells the client what was wrong with it, if that can be said. */
        private void lastWords() {
            try {
                words = words.concat(farewell());
            } catch (SSLException mute) {
                LOG.debug("nor could that be said", mute);
            }
            end();
        }

        /** Sends the last words, and then nothing. */
        private void end() {
            isOver = true;
            encrypted = NOTHING;
            plain = NOTHING;
            if (!words.isEmpty() && !isClosed(sent)) {
                emit(sent, words);
            }
            complete(sent);
            complete(requests);
            cancel(answers);
            ask();
        }
    }

    /** Of this thread, empty, and with room for so many bytes. */
    private static ByteBuffer scratch(int size) {
        ByteBuffer mine = SCRATCH.get();
        if (mine.capacity() < size) {
            mine = ByteBuffer.allocate(size);
            SCRATCH.set(mine);
        }
        return mine.clear();
    }
}
