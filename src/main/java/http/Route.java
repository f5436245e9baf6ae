package http;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import security.Caller;
import security.Permission;

/**
 * One line of the interface: what is done at a path.
 *
 * @param method GET, POST, DELETE; {@link #ANY} for all
 * @param path from the root; a segment in braces stands for any, and gives it its name
 * @param permission what it needs of its caller
 * @param handler does it
 * @param needsCoordinator whether it can do nothing while the coordinator is not ready
 * @param changes whether anything may be otherwise afterwards
 * @param alsoActs which of its calls are operators' acts although it needs no operator
 * @param showsPayloads whether it shows payloads to those who may see them
 */
record Route(String method, String path, Permission permission, Handler handler,
        boolean needsCoordinator, boolean changes, Predicate<Call> alsoActs,
        boolean showsPayloads) {

    private static final Predicate<Call> NONE = call -> false;

    static final String ANY = "any";

    /** Does not block. May throw {@link transaction.InvalidRequest}, or complete with one. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpAnswer> handle(Call call);
    }

    /**
     * What a client sent.
     *
     * @param query parameters of the url
     * @param names what stands in the path for each name in braces, decoded
     * @param body all of it; empty if there is none
     * @param headers from a name to its value; empty if it was not sent
     * @param caller who sent it; it has the route's permission
     */
    record Call(QueryString query, Map<String, String> names, byte[] body,
            UnaryOperator<String> headers, Caller caller) {

        /** What stands in the path for that name. */
        String named(String name) {
            return names.get(name);
        }
    }

    static Route get(String path, Permission permission, Handler handler) {
        return new Route("GET", path, permission, handler, true, false, NONE, false);
    }

    static Route post(String path, Permission permission, Handler handler) {
        return new Route("POST", path, permission, handler, true, true, NONE, false);
    }

    static Route delete(String path, Permission permission, Handler handler) {
        return new Route("DELETE", path, permission, handler, true, true, NONE, false);
    }

    static Route any(String path, Permission permission, Handler handler) {
        return new Route(ANY, path, permission, handler, true, true, NONE, false);
    }

    /** The same, served from the first moment to the last. */
    Route always() {
        return new Route(
            method, path, permission, handler, false, changes, alsoActs, showsPayloads);
    }

    /** The same, which changes something although it is a GET, as DTM has it. */
    Route changing() {
        return new Route(
            method, path, permission, handler, needsCoordinator, true, alsoActs, showsPayloads);
    }

    /** The same, which changes nothing although it is a POST. */
    Route changingNothing() {
        return new Route(
            method, path, permission, handler, needsCoordinator, false, alsoActs, showsPayloads);
    }

    /** The same, of which such calls are operators' acts. */
    Route actingIf(Predicate<Call> acts) {
        return new Route(
            method, path, permission, handler, needsCoordinator, changes, acts, showsPayloads);
    }

    /** The same, which shows payloads. */
    Route showing() {
        return new Route(
            method, path, permission, handler, needsCoordinator, changes, alsoActs, true);
    }

    /** Whether each call of it is an operator's act, which is put on record. */
    boolean isOperators() {
        return (permission == Permission.OPERATE || permission == Permission.TEST) && changes;
    }

    /** Whether some of its calls are. */
    boolean isSometimesAct() {
        return alsoActs != NONE;
    }

    /** Whether this call is. */
    boolean isAct(Call call) {
        return isOperators() || alsoActs.test(call);
    }

    /** What is told if there is no answer. */
    HttpAnswer unanswered() {
        return changes ? HttpAnswer.LATE : HttpAnswer.UNREAD;
    }

    /** What tells how the server does is told to HEAD, too, as some probes ask. */
    boolean takes(String asked) {
        return method.equals(ANY) || method.equals(asked)
            || !needsCoordinator && method.equals("GET") && asked.equals("HEAD");
    }

    /** How metrics call it: the last fixed segment in lower case, as in DTM. */
    String label() {
        return path.indexOf('{') < 0
            ? path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT)
            : PathTemplate.of(path).lastFixed();
    }
}
