package branch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import signature.CallSigner;
import transaction.Alert;
import transaction.Alerts;
import transaction.Bytes;
import transaction.Limits;

/**
 * Posts alerts to a webhook, once, as JSON, those of one participant together. What comes back is
 * logged and has no other effect.
 *
 * <p>At most {@link Limits#ALERTS_PENDING} are under way; while a slow webhook holds that many,
 * further ones are lost. Of losses in a row the first, second, fourth, eighth and so on are logged.
 */
public final class AlertHook implements Alerts {

    private static final Logger LOG = LoggerFactory.getLogger(AlertHook.class);

    /** As long as a call to a participant usually may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final JsonFactory JSON = new JsonFactory();

    private final Way way;
    private final String url;
    private final Duration timeout;
    private final AlertGroups groups;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong lostInARow = new AtomicLong();

    /**
     * How alerts get out.
     *
     * @param making runs what makes and signs one
     */
    record Way(HttpTransport transport, CallSigner signer, Executor making) {}

    /** Signs nothing. */
    AlertHook(HttpTransport transport, String url, Duration timeout, Duration interval,
            AlertGroups.Timer timer) {
        this(new Way(transport, CallSigner.NONE, Runnable::run), url, timeout, interval, timer);
    }

    /** @param interval how often it is told of one participant at most; zero: of each alert */
    AlertHook(Way way, String url, Duration timeout, Duration interval,
            AlertGroups.Timer timer) {
        this.way = way;
        this.url = url;
        this.timeout = timeout;
        this.groups = new AlertGroups(interval, this::post, timer);
    }

    @Override
    public void raise(Alert alert) {
        groups.raise(alert);
    }

    private void post(Alert alert, int count, List<String> gids) {
        if (pending.incrementAndGet() > Limits.ALERTS_PENDING) {
            ended();
            lost(alert.gid(), "too many others are on their way");
            return;
        }
        try {
            way.making.execute(() -> send(alert, count, gids));
        } catch (RejectedExecutionException e) {
            ended();
            lost(alert.gid(), "too many calls wait for their signature");
        }
    }

    private void send(Alert alert, int count, List<String> gids) {
        try {
            Target target = Target.parse(url);
            Request request =
                Request.post(target, Map.of(), body(alert, count, gids), timeout, way.signer);
            way.transport.send(request, new Receipt(alert.gid()));
        } catch (Unsendable e) {
            ended();
            lost(alert.gid(), e.getMessage());
        }
    }

    /** Alerts on their way. */
    int pending() {
        return pending.get();
    }

    /** DTM's fields; of several alerts those of the last one, and two more. */
    private static Bytes body(Alert alert, int count, List<String> gids) throws Unsendable {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("gid", alert.gid());
            json.writeStringField("status", alert.status());
            json.writeStringField("branch", alert.branchUrl());
            json.writeStringField("error", alert.error());
            json.writeNumberField("retry_count", alert.retryCount());
            if (count > 1) {
                json.writeNumberField("count", count);
                json.writeArrayFieldStart("gids");
                for (String gid : gids) {
                    json.writeString(gid);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new Unsendable("it cannot be written as JSON: " + e.getMessage());
        }
        return Bytes.of(body.toByteArray());
    }

    private void ended() {
        pending.decrementAndGet();
    }

    private void lost(String gid, String reason) {
        long inARow = lostInARow.incrementAndGet();
        if (Long.bitCount(inARow) == 1) {
            LOG.warn("gid={} alert lost, {} in a row: {}", gid, inARow, reason);
        }
    }

    private final class Receipt implements Exchange.Listener {

        private final String gid;

        Receipt(String gid) {
            this.gid = gid;
        }

        @Override
        public void answered(Answer answer) {
            ended();
            if (answer.status() >= 200 && answer.status() < 300) {
                lostInARow.set(0);
                LOG.info("gid={} alert sent", gid);
            } else {
                lost(gid, "the webhook answered " + answer.status());
            }
        }

        @Override
        public void failed(String reason) {
            ended();
            lost(gid, reason);
        }

        @Override
        public void heldBack(String reason) {
            failed(reason);
        }
    }
}
