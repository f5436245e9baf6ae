package branch;

import egress.EgressRules;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Limits;

/**
 * One connection to a host. Carries one exchange at a time and is closed whenever it is not certain
 * where the next answer would begin.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final HostConnections host;
    private final EgressRules rules;
    private final SslContext tls;
    private AnswerDecoder decoder;
    private Channel channel;
    private boolean isDialed;
    private boolean isOutdated;
    private String problem = "the connection was closed";

    /** The exchange being carried; none while idle. */
    private Exchange exchange;

    private ChannelFuture written;
    private HttpResponse head;
    private AnswerReader reader;
    private int interim;
    private boolean isComplete;
    private long usableUntil;

    /**
     * @param rules by which its address may be dialled; it is not used beyond them
     * @param tls with which it is opened, if at all; it is not used when that is another
     */
    Connection(HostConnections host, EgressRules rules, SslContext tls) {
        this.host = host;
        this.rules = rules;
        this.tls = tls;
    }

    /** Said once, before the connection is opened. */
    void readsFrom(AnswerDecoder source) {
        decoder = source;
    }

    /** Sends the request of {@code next}; the connection must be idle. */
    void start(Exchange next) {
        exchange = next;
        head = null;
        reader = null;
        interim = 0;
        isComplete = false;
        problem = "the connection was closed before the answer was complete";
        next.startedOn(this);
        written = channel.writeAndFlush(Unpooled.wrappedBuffer(next.request().wire()));
        written.addListener((ChannelFutureListener) future -> {
            if (future.isSuccess()) {
                next.sent();
            } else {
                future.channel().close();
            }
        });
    }

    /** Whether an exchange may be started on it now. */
    boolean isUsable() {
        return channel.isActive() && System.nanoTime() - usableUntil < 0 && isAllowedAsNow();
    }

    private boolean isAllowedAsNow() {
        return rules.equals(host.transport().dials().rules())
                && tls == host.transport().tls().to(host.origin());
    }

    /** Closes it; the host hears of it by {@link HostConnections#closed}. */
    void drop() {
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (!host.origin().secure()) {
            ready();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ready();
            } else {
                problem = "no TLS: " + ConnectAttempt.text(handshake.cause());
                context.close();
            }
        } else if (event instanceof SslCloseCompletionEvent end && !end.isSuccess()
                && exchange != null) {
            // Whoever cuts a connection cannot say so in the other side's name (RFC 8446, 6.1).
            giveUp("the connection was cut: it ended without TLS's close_notify");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            read((HttpObject) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /**
     * All that had arrived has been read; so it is known whether anything came after the answer.
     */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!isComplete || exchange == null) {
            return;
        }
        if (decoder.hasLeftOver()) {
            giveUp("the answer is longer than it said");
            return;
        }
        Exchange done = exchange;
        Answer answer = reader.answer();
        // Where something is wrong with an answer, its end may be wrong too.
        boolean again = !answer.isFlawed() && mayBeUsedAgain();
        exchange = null;
        head = null;
        reader = null;
        try {
            if (again) {
                host.released(this);
            } else {
                drop();
            }
        } finally {
            done.answer(answer);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (isOutdated) {
            host.dialOutdated();
            return;
        }
        if (!isDialed) {
            host.dialFailed(problem, false);
            return;
        }
        Exchange cut = exchange;
        exchange = null;
        if (reader != null) {
            reader.close();
        }
        host.closed(this);
        if (cut != null) {
            cut.fail(problem);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        boolean isWrapped = thrown instanceof DecoderException && thrown.getCause() != null;
        Throwable cause = isWrapped ? thrown.getCause() : thrown;
        if (cause instanceof Error) {
            LOG.error("calls to {}: a connection broke in this process", host.origin(), cause);
        }
        String what = isDialed ? "the connection broke: " : "no TLS: ";
        problem = what + ConnectAttempt.text(cause);
        if (exchange != null) {
            // At once: when it is closed, a body without a length would seem to be at its end.
            giveUp(problem);
        }
        context.close();
    }

    private void ready() {
        if (!isAllowedAsNow()) {
            isOutdated = true;
            channel.close();
            return;
        }
        isDialed = true;
        usableUntil = System.nanoTime() + host.transport().settings().idleTimeout().toNanos();
        host.dialed(this);
    }

    private void read(HttpObject part) {
        if (exchange == null || isComplete) {
            // Nothing was asked, or all has been said: whatever this is, it answers no question.
            if (exchange != null) {
                giveUp("the answer is longer than it said");
            }
            drop();
            return;
        }
        if (part.decoderResult().isFailure()) {
            giveUp("the answer is not HTTP: " + ConnectAttempt.text(part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpResponse response) {
            readHead(response);
        }
        if (part instanceof HttpContent content && exchange != null) {
            readBody(content);
        }
    }

    private void readHead(HttpResponse response) {
        head = response;
        int status = response.status().code();
        if (isInterim()) {
            if (++interim > Limits.INTERIM_ANSWERS) {
                giveUp("more than " + Limits.INTERIM_ANSWERS + " interim answers, the last "
                        + status);
            }
            return;
        }
        reader = new AnswerReader(response, host.transport().settings().responseBytesMax(),
                exchange.request().kept());
        if (!reader.hasKnownEnd()) {
            answerWithWhatIsThere();
        }
    }

    private void readBody(HttpContent content) {
        if (isInterim()) {
            return;
        }
        if (!reader.take(content.content())) {
            answerWithWhatIsThere();
        } else if (content instanceof LastHttpContent) {
            isComplete = true;
        }
    }

    private void answerWithWhatIsThere() {
        Exchange done = exchange;
        exchange = null;
        drop();
        done.answer(reader.answer());
    }

    private boolean isInterim() {
        int status = head.status().code();
        return status >= 100 && status < 200 && status != 101;
    }

    /** Also decides for how long. */
    private boolean mayBeUsedAgain() {
        long ours = host.transport().settings().idleTimeout().toMillis();
        long idleMillis = Math.min(ours, saidToKeep());
        usableUntil = System.nanoTime() + idleMillis * 1_000_000;
        return idleMillis > 0
                && HttpUtil.isKeepAlive(head)
                && written.isSuccess()
                && channel.isActive()
                && isAllowedAsNow();
    }

    /** Milliseconds that the server keeps the connection, less one second for the way. */
    private long saidToKeep() {
        String said = head.headers().get("keep-alive", "");
        int at = said.indexOf("timeout=");
        if (at < 0) {
            return Long.MAX_VALUE;
        }
        int end = at + 8;
        while (end < said.length() && end < at + 17 && Character.digit(said.charAt(end), 10) >= 0) {
            end++;
        }
        String seconds = said.substring(at + 8, end);
        return seconds.isEmpty() ? Long.MAX_VALUE : (Long.parseLong(seconds) - 1) * 1_000;
    }

    private void giveUp(String reason) {
        Exchange lost = exchange;
        exchange = null;
        drop();
        lost.fail(reason);
    }
}
