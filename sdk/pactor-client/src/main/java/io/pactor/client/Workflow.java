package io.pactor.client;

import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Code of the application as one transaction: the coordinator keeps the result of each step, and
 * has the code run again after a crash, which then goes on after the last step on record.
 *
 * <pre>{@code
 * Workflow<Trip, String> trip = pactor.workflow("trip", Trip.class, String.class, (wf, input) -> {
 *     Ticket ticket = wf.step("ticket").onRollback(() -> air.cancel(wf.branchCall(), input))
 *         .call(Ticket.class, () -> air.book(wf.branchCall(), input));
 *     wf.step("save").inTransaction(dataSource, connection -> trips.save(connection, ticket));
 *     return ticket.number();
 * }).resumeAt("http://trips:8080/workflows/trip");
 * }</pre>
 *
 * <p>How it ends:
 * <ul>
 * <li>The body returns: it has succeeded, and the result is on record.
 * <li>A step, or the body, throws {@link Refused}: it is rolled back. The rollback functions of the
 *     steps that were done run, the last one first.
 * <li>Anything else is thrown: nothing is decided. The coordinator calls {@link #resumeAt}, again
 *     and again, until it ends; {@link Ongoing} says how long that can wait.
 * </ul>
 *
 * <p>The body must take the same steps, in the same order, whenever it gets the same input and the
 * same results of steps: what depends on time, chance, or the world belongs into a step. Steps are
 * on record by name; code that was changed under a running workflow is found out by that, and
 * refused with a {@link WorkflowChangedException}. A step may be done twice, see
 * {@link WorkflowStep}.
 *
 * <p>Settings first, by one thread; then any thread may run and resume it. Within one process, two
 * runs of one gid never overlap. Bodies run on the thread that calls, and may block it.
 *
 * @param <I> the input
 * @param <R> the result
 */
public final class Workflow<I, R> {

    /** The longest name, in characters: resuming it is an operation of that name. */
    public static final int NAME_MAX = 45;

    /** When to ask again for one that runs in this very process. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Workflow.class.getName());

    private final Pactor pactor;
    private final String name;
    private final Class<I> input;
    private final Class<R> result;
    private final Body<I, R> body;
    private final Handling handling = new Handling();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private JdbcBarrier barrier = JdbcBarrier.create();
    private String resumeUrl = "";
    private volatile boolean isUsed;

    /**
     * The code.
     *
     * @param <I> the input
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Body<I, R> {

        /**
         * Takes the steps.
         *
         * @param input as it is on record; null for none
         * @throws Refused to have it rolled back
         * @throws Exception if nobody knows; it is resumed
         */
        R run(WorkflowSteps wf, I input) throws Exception;
    }

    Workflow(Pactor pactor, String name, Class<I> input, Class<R> result, Body<I, R> body) {
        if (name.isBlank() || name.length() > NAME_MAX || !name.equals(name.strip())
                || !name.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("the name of a workflow has 1 to " + NAME_MAX
                + " printable characters of ASCII, and no space at either end: " + name);
        }
        this.pactor = pactor;
        this.name = name;
        this.input = Objects.requireNonNull(input);
        this.result = Objects.requireNonNull(result);
        this.body = Objects.requireNonNull(body);
    }

    /** Under which it is on record. */
    public String name() {
        return name;
    }

    /** Where the coordinator calls when it is to go on: there {@link #resume} must answer. */
    public Workflow<I, R> resumeAt(String url) {
        open().resumeUrl = Call.get(url).url();
        return this;
    }

    /** For {@link WorkflowStep#inTransaction}; {@link JdbcBarrier#create} by default. */
    public Workflow<I, R> barrier(JdbcBarrier given) {
        open().barrier = Objects.requireNonNull(given);
        return this;
    }

    /**
     * After how much silence it is resumed; else the coordinator's own time. Longer than the
     * longest step, or a second process may do that step as well. Whole seconds.
     */
    public Workflow<I, R> retryInterval(Duration wait) {
        open().handling.seconds("retry_interval", "retryInterval", wait);
        return this;
    }

    /**
     * How long the coordinator waits for the answer of {@link #resume}; else its own time. One that
     * takes longer goes on all the same. Whole seconds.
     */
    public Workflow<I, R> requestTimeout(Duration limit) {
        open().handling.seconds("request_timeout", "requestTimeout", limit);
        return this;
    }

    /**
     * Parks it for an operator when it has been resumed in vain more often than this; else the
     * coordinator goes on for ever.
     */
    public Workflow<I, R> parkAfter(int failures) {
        open().handling.parkAfter(failures);
        return this;
    }

    /** A header of the calls that resume it. */
    public Workflow<I, R> header(String headerName, String value) {
        open().handling.header(headerName, value);
        return this;
    }

    /** What it can be found by in the coordinator's list: at most 8, of 256 characters. */
    public Workflow<I, R> attribute(String attributeName, String value) {
        open().handling.attribute(attributeName, value);
        return this;
    }

    /** As {@link #run(String, Object, Duration)}, for the {@link Pactor.Builder#timeout}. */
    public WorkflowResult<R> run(String gid, I given) {
        return run(gid, given, pactor.transport().settings().timeout());
    }

    /**
     * Begins it, or goes on with it, and runs it to its end on this thread. With the gid of one
     * that has ended the body does not run: this returns how that one ended.
     *
     * @param gid the caller's own: a repeat is the same workflow
     * @param given for the body; null for none, and a null {@code String} is the empty one
     * @param time how long to wait, after the body, for one that is resumed by the coordinator or
     *     runs elsewhere
     * @throws IllegalStateException without {@link #resumeAt}
     * @throws IllegalArgumentException if the codec cannot write the input, and read it again
     * @throws WorkflowChangedException if the code does not fit what is on record
     * @throws RejectedException if the coordinator refuses something, or the gid was used for other
     *     work, another input among it
     * @throws UnavailableException if nobody knows whether it has begun: run it again
     */
    public WorkflowResult<R> run(String gid, I given, Duration time) {
        Pactor.checkTime(time);
        if (resumeUrl.isEmpty()) {
            throw new IllegalStateException("workflow " + name + " has no resumeAt(…): nobody could"
                + " go on with it after a crash");
        }
        isUsed = true;
        String data = encoded(input, given);
        WorkflowRecord record = record(Gid.check(gid), data);
        String waitsFor = "it runs in this process";
        if (running.add(gid)) {
            try {
                record.load();
                checkInput(record.view(), data);
                return told(gid, advance(record));
            } catch (WorkflowChangedException | RejectedException e) {
                throw e;
            } catch (Exception e) {
                if (record.view() == null) {
                    throw (RuntimeException) e; // It has not come to the body.
                }
                waitsFor = log(gid, e);
            } finally {
                running.remove(gid);
            }
        }
        return waited(gid, time, waitsFor);
    }

    /**
     * Answers the coordinator at the url of {@link #resumeAt}: goes on with the workflow that the
     * query names. Only with one that is on record, with the input that is on record; so nothing in
     * the request needs to be trusted, and its body is not read.
     *
     * <p>Never throws. Blocks as long as the body runs; meanwhile, and while the workflow runs in
     * this process anyway, further calls are answered "later".
     *
     * @param query gives the value of a parameter of the request's url, {@code gid} and {@code op};
     *     null if there is none
     */
    public HttpAnswer resume(Function<String, String> query) {
        isUsed = true;
        String gid = Objects.requireNonNullElse(query.apply("gid"), "");
        try {
            Gid.check(gid);
            if (!running.add(gid)) {
                return HttpAnswer.of(Ongoing.askAgainIn(ASK_AGAIN));
            }
        } catch (IllegalArgumentException e) {
            return HttpAnswer.of(e);
        }
        try {
            TransactionView view = pactor.query(gid).orElseThrow(() -> new RejectedException(gid,
                404, "there is no workflow " + gid + " to resume"));
            checkName(view);
            if (!view.isEnded()) {
                WorkflowRecord record = record(gid, dataOf(view));
                record.load();
                advance(record);
            }
            return HttpAnswer.of(Reply.EMPTY);
        } catch (Exception e) {
            log(gid, e);
            return HttpAnswer.of(WorkflowSteps.bare(e) instanceof Refused
                ? new IllegalStateException(e) : e); // Only a submit can say that it is refused.
        } finally {
            running.remove(gid);
        }
    }

    /** @throws Exception if nothing is decided yet */
    private WorkflowRecord.Ending advance(WorkflowRecord record) throws Exception {
        try {
            return record.view().isEnded() ? record.ending() : ended(record);
        } catch (WorkflowRecord.Ended e) {
            return record.ending();
        }
    }

    private WorkflowRecord.Ending ended(WorkflowRecord record) throws Exception {
        WorkflowSteps steps = new WorkflowSteps(pactor, record, barrier);
        String returned = "";
        String reason = null;
        try {
            returned = encoded(result,
                body.run(steps, decoded(input, dataOf(record.view()))));
        } catch (Exception e) {
            steps.throwDoom();
            if (!(WorkflowSteps.bare(e) instanceof Refused refused)) {
                throw e;
            }
            reason = WorkflowSteps.reason(refused);
        }
        String operators = steps.end();
        reason = reason == null ? operators : reason;
        if (reason == null && !record.isRollingBack()) {
            WorkflowRecord.checkSize("the result of workflow " + record.gid(), returned);
            return record.end(new WorkflowRecord.Ending(true, returned, ""));
        }
        String why = steps.rollBack(reason == null ? record.decision() : reason);
        return record.end(new WorkflowRecord.Ending(false, "", why));
    }

    private WorkflowRecord record(String gid, String data) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("gid", gid);
        content.put("trans_type", WorkflowRecord.MODE);
        content.put("query_prepared", resumeUrl);
        content.put("custom_data",
            Json.write(Map.of("name", name, "data", WorkflowRecord.base64(data))));
        handling.writeTo(content);
        return new WorkflowRecord(pactor, content, handling.needs());
    }

    private void checkInput(TransactionView view, String data) {
        checkName(view);
        String recorded = dataOf(view);
        if (!recorded.equals(data) && !Work.sameJson(recorded, data)) {
            throw new RejectedException(view.gid(), 409,
                "workflow " + view.gid() + " was run with another input before");
        }
    }

    private void checkName(TransactionView view) {
        Work.of(WorkflowRecord.MODE).check(view);
        String recorded = Fields.text(customData(view), "name");
        if (!recorded.equals(name)) {
            throw new RejectedException(view.gid(), 409,
                "gid " + view.gid() + " is a workflow " + recorded + ", not " + name);
        }
    }

    private static String dataOf(TransactionView view) {
        return WorkflowRecord.fromBase64(Fields.text(customData(view), "data"));
    }

    private static Map<String, Object> customData(TransactionView view) {
        try {
            return Json.read(view.customData()) instanceof Map<?, ?> map ? Fields.of(map)
                : Map.of();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** Looks at the record until it has ended, or the time is over. */
    private WorkflowResult<R> waited(String gid, Duration time, String waitsFor) {
        Operation operation = Pactor.operation(gid, time);
        Submission seen = new Submission(pactor, gid, Map.of(), Map.of(),
            Work.of(WorkflowRecord.MODE));
        try {
            Outcome outcome = operation.await(new Settling(seen, operation).watch());
            if (!(outcome instanceof Outcome.InProgress)) {
                return told(gid, WorkflowRecord.ending(pactor.query(gid).orElseThrow()));
            }
        } catch (UnavailableException e) {
            LOG.log(System.Logger.Level.INFO, "workflow {0} goes on: {1}", gid, e.getMessage());
        }
        return new WorkflowResult.InProgress<>(gid, waitsFor);
    }

    private WorkflowResult<R> told(String gid, WorkflowRecord.Ending ending) {
        return ending.isDone()
            ? new WorkflowResult.Succeeded<>(gid, decoded(result, ending.result()))
            : new WorkflowResult.RolledBack<>(gid, ending.reason());
    }

    private String log(String gid, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (!(WorkflowSteps.bare(e) instanceof Ongoing)) {
            LOG.log(System.Logger.Level.WARNING, "workflow " + name + " " + gid
                + " is not decided, and will be resumed", e);
        }
        return WorkflowSteps.bare(e).toString();
    }

    /** Empty for null, as the wire knows no other nothing. */
    private <T> String encoded(Class<T> type, T value) {
        String text = value == null ? ""
            : type == String.class ? (String) value : pactor.codec().encode(value);
        decoded(type, text); // What could not be read later is told now.
        return text;
    }

    private <T> T decoded(Class<T> type, String text) {
        return text.isEmpty() && type != String.class ? null : pactor.codec().decode(text, type);
    }

    private Workflow<I, R> open() {
        if (isUsed) {
            throw new IllegalStateException("workflow " + name + " has been used");
        }
        return this;
    }
}
