package branch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Alert;
import transaction.Alerts;
import transaction.Bytes;
import transaction.Limits;

/**
 * Posts each alert to a webhook, once, as JSON. What comes back is logged and has no other effect.
 *
 * <p>At most {@link Limits#ALERTS_PENDING} are under way; while a slow webhook holds that many, further
 * ones are dropped and their number is logged with the next that gets through.
 */
public final class AlertHook implements Alerts {

    private static final Logger LOG = LoggerFactory.getLogger(AlertHook.class);

    /** As long as a call to a participant usually may take. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpTransport transport;
    private final String url;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    AlertHook(HttpTransport transport, String url) {
        this.transport = transport;
        this.url = url;
    }

    @Override
    public void raise(Alert alert) {
        if (pending.incrementAndGet() > Limits.ALERTS_PENDING) {
            pending.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.warn("{} alerts were dropped: the webhook is too slow", lost);
        }
        try {
            Target target = Target.parse(url);
            Request request = Request.post(target, Map.of(), body(alert), TIMEOUT);
            transport.send(request, new Receipt(alert.gid()));
        } catch (Unsendable e) {
            pending.decrementAndGet();
            LOG.warn("gid={} alert not sent: {}", alert.gid(), e.getMessage());
        }
    }

    private static Bytes body(Alert alert) throws Unsendable {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("gid", alert.gid());
            json.writeStringField("status", alert.status());
            json.writeStringField("branch", alert.branchUrl());
            json.writeStringField("error", alert.error());
            json.writeNumberField("retry_count", alert.retryCount());
            json.writeEndObject();
        } catch (IOException e) {
            throw new Unsendable("it cannot be written as JSON: " + e.getMessage());
        }
        return Bytes.of(body.toByteArray());
    }

    private final class Receipt implements Exchange.Listener {

        private final String gid;

        Receipt(String gid) {
            this.gid = gid;
        }

        @Override
        public void answered(Answer answer) {
            pending.decrementAndGet();
            if (answer.status() >= 200 && answer.status() < 300) {
                LOG.info("gid={} alert sent", gid);
            } else {
                LOG.warn("gid={} alert sent, the webhook answered {}", gid, answer.status());
            }
        }

        @Override
        public void failed(String reason) {
            pending.decrementAndGet();
            LOG.warn("gid={} alert lost: {}", gid, reason);
        }
    }
}
