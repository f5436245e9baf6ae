package codec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.CallOptions;
import transaction.Context;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Submission;
import transaction.VerdictMode;

/** What an initiator asks for. */
public final class SubmissionFields {

    private static final Cases<Details> DETAILS = new Cases<Details>("type of details")
        .with(Details.Plain.class, "plain", Details.PLAIN)
        .with(Details.Concurrent.class, "concurrent",
            (to, all) -> to.records(2, "after", all.after().entrySet(), (each, order) -> each
                .number(1, "step", order.getKey()).numbers(2, "before", order.getValue())),
            from -> new Details.Concurrent(orders(from)))
        .with(Details.Delay.class, "delay",
            (to, delay) -> to.number(3, "seconds", delay.seconds()),
            from -> new Details.Delay(from.integer(3)))
        .with(Details.Named.class, "named",
            (to, named) -> to.text(4, "name", named.name()).bytes(5, "data", named.data()),
            from -> new Details.Named(from.text(4), from.bytes(5)));

    private SubmissionFields() {}

    public static void write(FieldWriter to, Submission asked) {
        to.text(1, "gid", asked.gid()).text(2, "mode", asked.mode().wire())
            .records(3, "steps", asked.steps(), SubmissionFields::step)
            .text(4, "query", asked.queryPrepared())
            .text(5, "protocol", asked.protocol() == Protocol.HTTP ? "" : asked.protocol().wire())
            .text(6, "customData", asked.customData());
        details(to, 7, asked.details());
        options(to, 8, asked.options());
        to.record(9, "context", asked.context().equals(Context.NONE) ? null : asked.context(),
            SubmissionFields::context);
    }

    public static Submission read(FieldReader from) {
        return new Submission(from.text(1), from.known(2, "mode", Mode::of),
            from.records(3, SubmissionFields::step), from.text(4),
            from.known(5, "protocol", Protocol::of), from.text(6), details(from, 7),
            options(from, 8),
            from.has(9) ? from.record(9, SubmissionFields::context) : Context.NONE);
    }

    private static void step(FieldWriter to, Submission.Step step) {
        to.text(1, "action", step.action()).text(2, "compensate", step.compensate())
            .bytes(3, "payload", step.payload()).texts(4, "subscribers", step.subscribers());
        callOptions(to, 5, "actionOptions", step.actionOptions());
        callOptions(to, 6, "compensateOptions", step.compensateOptions());
        // A record, since an empty payload is another one too.
        to.record(7, "undo", step.undoPayload().equals(step.payload()) ? null : step.undoPayload(),
            (each, payload) -> each.bytes(1, "payload", payload));
    }

    private static Submission.Step step(FieldReader from) {
        Bytes payload = from.bytes(3);
        return new Submission.Step(from.text(1), from.text(2), payload, from.texts(4),
            callOptions(from, 5), callOptions(from, 6),
            from.has(7) ? from.record(7, each -> each.bytes(1)) : payload);
    }

    /** A field with options of one call, left out if nothing is said. */
    static void callOptions(FieldWriter to, int number, String name, CallOptions options) {
        to.record(number, name, options.isNone() ? null : options, (each, said) -> each
            .text(1, "method", said.method()).map(2, "headers", said.headers())
            .number(3, "requestTimeout", said.requestTimeoutSeconds())
            .number(4, "retryLimit", said.retryLimit())
            .number(5, "retryInterval", said.retryIntervalSeconds()));
    }

    static CallOptions callOptions(FieldReader from, int number) {
        return from.has(number) ? from.record(number, each -> new CallOptions(
            each.text(1), each.map(2), each.integer(3), each.integer(4), each.integer(5)))
            : CallOptions.NONE;
    }

    /** As they are, {@link Options#NONE} too. */
    public static void options(FieldWriter to, Options options) {
        to.flag(1, "waitResult", options.waitResult())
            .number(2, "timeoutToFail", options.timeoutToFailSeconds())
            .number(3, "requestTimeout", options.requestTimeoutSeconds())
            .number(4, "retryInterval", options.retryIntervalSeconds())
            .number(5, "retryLimit", options.retryLimit())
            .number(6, "retryCount", options.retryCount())
            .map(7, "headers", options.branchHeaders())
            .flag(8, "concurrent", options.concurrent())
            .text(9, "verdictMode", options.verdictMode().wire())
            .flag(10, "parks", options.parksWhenExhausted());
    }

    public static Options options(FieldReader from) {
        return new Options(from.flag(1), from.integer(2), from.integer(3), from.integer(4),
            from.integer(5), from.integer(6), from.map(7), from.flag(8),
            from.known(9, "verdict mode", VerdictMode::of), from.flag(10));
    }

    /** A field with options, left out if nothing is said. */
    static void options(FieldWriter to, int number, Options options) {
        to.record(number, "options", options.equals(Options.NONE) ? null : options,
            SubmissionFields::options);
    }

    static Options options(FieldReader from, int number) {
        return from.has(number) ? from.record(number, SubmissionFields::options) : Options.NONE;
    }

    static void details(FieldWriter to, int number, Details details) {
        to.record(number, "details", details.equals(Details.PLAIN) ? null : details,
            DETAILS::write);
    }

    static Details details(FieldReader from, int number) {
        return from.has(number) ? from.record(number, DETAILS::read) : Details.PLAIN;
    }

    private static Map<Integer, List<Integer>> orders(FieldReader from) {
        Map<Integer, List<Integer>> after = new HashMap<>();
        from.records(2, each -> after.put(each.integer(1), each.numbers(2)));
        return after;
    }

    private static void context(FieldWriter to, Context context) {
        to.text(1, "namespace",
                context.namespace().equals(Context.DEFAULT_NAMESPACE) ? "" : context.namespace())
            .map(2, "attributes", context.attributes())
            .text(3, "traceParent", context.traceParent())
            .text(4, "traceState", context.traceState());
    }

    private static Context context(FieldReader from) {
        return new Context(from.has(1) ? from.text(1) : Context.DEFAULT_NAMESPACE, from.map(2),
            from.text(3), from.text(4));
    }
}
