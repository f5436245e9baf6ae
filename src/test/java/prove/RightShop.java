package prove;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Takes pieces from a stock, and does it right, in one of many ways. */
final class RightShop implements Business {

    private static final Duration WORK = Duration.ofMillis(2);

    private final Style style;
    private final Map<String, Outgoing> answers = new HashMap<>();
    private final Map<String, String> done = new TreeMap<>();
    private final Set<String> busy = new HashSet<>();
    private final AtomicInteger calls = new AtomicInteger();
    private long stock = STOCK;
    private long held;

    /** Ways of being right. */
    enum Style {
        ANSWERS_NOTHING,
        ANSWERS_IN_JSON,
        REFUSES_WHAT_COMES_LATE,
        ANSWERS_A_LATE_ACTION_WITH_AN_ERROR,
        SAYS_425_WHILE_ANOTHER_CALL_WORKS,
        SAYS_500_WHILE_ANOTHER_CALL_WORKS,
        WORKS_IN_THE_BACKGROUND_AND_SAYS_425,
        HAS_AN_ERROR_NOW_AND_THEN,
        SHOWS_TEXT,
        SHOWS_A_LIST_OF_BOOKINGS,
        SHOWS_A_CLOCK,
        ENDS_CONNECTIONS_AND_SENDS_CHUNKS,
        IS_CALLED_BY_GET,
        SHOWS_NOTHING,
        SAYS_DTM_RESULT_AND_THE_WORD_FAILURE,
        TAKES_ITS_TIME,
        TCC_THAT_SHOWS_WHAT_IS_HELD,
        TCC_THAT_SHOWS_WHAT_IS_CONFIRMED,
        XA
    }

    RightShop(Style style) {
        this.style = style;
    }

    @Override
    public synchronized String state() {
        return switch (style) {
            case SHOWS_TEXT -> stock + " pieces\n";
            case SHOWS_A_LIST_OF_BOOKINGS -> bookings();
            case SHOWS_A_CLOCK -> "{\"a\":[{\"stock\":" + stock + ",\"at\":" + System.nanoTime()
                + "}]}";
            case TCC_THAT_SHOWS_WHAT_IS_CONFIRMED, XA -> "{\"stock\":" + (stock + held) + "}";
            default -> "{\"stock\":" + stock + ",\"held\":" + held + ".0}";
        };
    }

    private String bookings() {
        StringBuilder all = new StringBuilder("[");
        done.forEach((branch, op) -> {
            if (op.equals("action")) {
                all.append(all.length() == 1 ? "" : ",").append('"').append(branch).append('"');
            }
        });
        return all.append(']').toString();
    }

    @Override
    public Outgoing serve(Incoming call) {
        switch (style) {
            case HAS_AN_ERROR_NOW_AND_THEN:
                if (calls.incrementAndGet() % 5 == 0) {
                    return new Outgoing(503, "no connection left");
                }
                break;
            case TAKES_ITS_TIME:
                LockSupport.parkNanos(WORK.toNanos());
                break;
            case SAYS_425_WHILE_ANOTHER_CALL_WORKS, SAYS_500_WHILE_ANOTHER_CALL_WORKS:
                return alone(call);
            case WORKS_IN_THE_BACKGROUND_AND_SAYS_425:
                return behind(call);
            default:
        }
        return once(call);
    }

    private Outgoing alone(Incoming call) {
        synchronized (this) {
            if (!busy.add(call.branchKey())) {
                return style == Style.SAYS_425_WHILE_ANOTHER_CALL_WORKS ? Outgoing.BUSY
                    : new Outgoing(500, "deadlock detected");
            }
        }
        LockSupport.parkNanos(WORK.toNanos());
        synchronized (this) {
            busy.remove(call.branchKey());
            return once(call);
        }
    }

    /** Starts the work with the first call, and answers when it is done. */
    private synchronized Outgoing behind(Incoming call) {
        if (answers.containsKey(key(call))) {
            return answers.get(key(call));
        }
        if (busy.add(call.branchKey())) {
            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> {
                synchronized (this) {
                    once(call);
                    busy.remove(call.branchKey());
                }
            });
        }
        return Outgoing.BUSY;
    }

    /** One transaction: looks, works and keeps the answer. */
    private synchronized Outgoing once(Incoming call) {
        Outgoing before = answers.get(key(call));
        if (before != null) {
            return before;
        }
        String last = done.get(call.branchKey());
        Outgoing answer;
        if (call.isUndo() || call.op().equals("confirm") || call.op().equals("commit")) {
            answer = second(call, last);
        } else if (last != null) {
            answer = switch (style) {
                case REFUSES_WHAT_COMES_LATE -> Outgoing.REFUSED;
                case SAYS_DTM_RESULT_AND_THE_WORD_FAILURE -> said(call);
                case ANSWERS_A_LATE_ACTION_WITH_AN_ERROR, XA -> new Outgoing(500, "duplicate");
                default -> Outgoing.DONE;
            };
            return answer;
        } else {
            answer = first(call);
        }
        if (answer.status() == 200) {
            answers.put(key(call), answer);
            done.put(call.branchKey(), call.op());
        } else if (style == Style.WORKS_IN_THE_BACKGROUND_AND_SAYS_425) {
            answers.put(key(call), answer);
        }
        return answer;
    }

    private Outgoing first(Incoming call) {
        if (call.amount() > stock) {
            return style == Style.SAYS_DTM_RESULT_AND_THE_WORD_FAILURE
                ? new Outgoing(409, "{\"dtm_result\":\"FAILURE\"}") : Outgoing.REFUSED;
        }
        stock -= call.amount();
        held += call.mode().equals("saga") ? 0 : call.amount();
        return said(call);
    }

    /** The second phase of XA has no payload: what is prepared is seven pieces. */
    private Outgoing second(Incoming call, String last) {
        long amount = call.mode().equals("xa") ? 7 : call.amount();
        boolean isDone = last != null && !last.equals(call.op());
        if (isDone && call.isUndo()) {
            stock += amount;
        }
        held -= isDone && !call.mode().equals("saga") ? amount : 0;
        return isDone || style == Style.SAYS_DTM_RESULT_AND_THE_WORD_FAILURE ? said(call)
            : Outgoing.DONE;
    }

    private Outgoing said(Incoming call) {
        return switch (style) {
            case ANSWERS_NOTHING -> Outgoing.DONE;
            case SAYS_DTM_RESULT_AND_THE_WORD_FAILURE -> new Outgoing(200,
                "{\"dtm_result\":\"SUCCESS\",\"last\":\"no FAILURE\"}");
            default -> new Outgoing(200, "{\"left\":" + stock + ",\"op\":\"" + call.op() + "\"}");
        };
    }

    private static String key(Incoming call) {
        return call.branchKey() + "|" + call.op();
    }
}
