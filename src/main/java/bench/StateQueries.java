package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks the coordinator for the status of transactions, over connections of its own, until it is
 * what it should be. On the load's thread.
 */
final class StateQueries {

    /** Why a status is asked for, and thus what an unfinished one means. */
    enum Purpose {
        /** Nobody else can tell that the transaction has ended: ask until it has. */
        FIND_END,
        /** The last branch call was answered; the end must follow: ask until it has. */
        CONFIRM_AFTER_LAST_CALL,
        /** A waited submit was answered, so the end must have come: ask once. */
        CONFIRM_AFTER_REPLY
    }

    /** @param waitMillis how long to wait before asking again */
    private record Question(Flight flight, Purpose purpose, long waitMillis) {
        Question later() {
            long longer = Math.min(WAIT_MILLIS_MAX, waitMillis + waitMillis / 2);
            return new Question(flight, purpose, longer);
        }
    }

    private static final long WAIT_MILLIS_FIRST = 10;
    private static final long WAIT_MILLIS_MAX = 250;

    private final Load load;
    private final EventLoop loop;
    private final RequestTemplate query;
    private final String endStatus;
    private final ObjectMapper json = new ObjectMapper();
    private final Deque<Question> ready = new ArrayDeque<>();
    private final Deque<HttpPipe> idle = new ArrayDeque<>();
    private int pending;
    private boolean stopped;

    StateQueries(Load load, EventLoop loop, RequestTemplate query, String endStatus) {
        this.load = load;
        this.loop = loop;
        this.query = query;
        this.endStatus = endStatus;
    }

    /** Lends it its connections. */
    void over(List<HttpPipe> pipes) {
        idle.addAll(pipes);
    }

    void ask(Flight flight, Purpose purpose) {
        pending++;
        ready.add(new Question(flight, purpose, WAIT_MILLIS_FIRST));
        pump();
    }

    /** Transactions whose question is not settled. */
    int pending() {
        return pending;
    }

    /** Asks nothing more. */
    void stop() {
        stopped = true;
    }

    private void pump() {
        while (!stopped && !ready.isEmpty() && !idle.isEmpty()) {
            Question question = ready.poll();
            HttpPipe pipe = idle.poll();
            pipe.send(load.fill(query, question.flight()), new HttpPipe.Listener() {
                @Override
                public void replied(HttpPipe by, int httpStatus) {
                    read(question, by, httpStatus);
                    next(by);
                }

                @Override
                public void broke(String kind) {
                    load.tally().error("query: " + kind, "");
                    again(question);
                    next(pipe);
                }
            });
        }
    }

    private void next(HttpPipe pipe) {
        idle.add(pipe);
        pump();
    }

    private void again(Question question) {
        loop.schedule(() -> {
            ready.add(question.later());
            pump();
        }, question.waitMillis(), TimeUnit.MILLISECONDS);
    }

    private void read(Question question, HttpPipe pipe, int httpStatus) {
        if (httpStatus != 200) {
            load.tally().error("query: http " + httpStatus, pipe.body());
            again(question);
            return;
        }
        JsonNode transaction;
        try {
            transaction = json.readTree(pipe.bodyArray(), 0, pipe.bodyBytes()).path("transaction");
        } catch (IOException notJson) {
            settle(question, "query: not JSON", pipe.body());
            return;
        }
        String status = transaction.path("status").asText("");
        if (status.equals(endStatus)) {
            pending--;
            load.seenAtEnd(question.flight(), question.purpose());
        } else if (status.isEmpty()) {
            settle(question, "acknowledged, but unknown to query", pipe.body());
        } else if (status.equals("succeed") || status.equals("failed")) {
            settle(question, "wrong end state: " + status, pipe.body());
        } else if (question.purpose() == Purpose.CONFIRM_AFTER_REPLY) {
            settle(question, "told the end while still " + status, pipe.body());
        } else {
            again(question);
        }
    }

    private void settle(Question question, String kind, String says) {
        pending--;
        load.seenWrong(question.flight(), question.purpose(), kind, says);
    }
}
