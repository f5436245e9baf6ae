package prove;

import transaction.Outcome.Kind;

/** What to do about an answer that a coordinator does not take as it was meant. */
final class Advice {

    private Advice() {}

    /** Of an answer that should have been a success; empty if there is nothing to say. */
    static String forSuccess(CallResult reply) {
        if (reply.is(Kind.FAILURE) && reply.status() != 409) {
            return "the word FAILURE in the body makes it a refusal, whatever the status: leave it"
                + " out, or set verdict_mode to strict";
        }
        if (reply.is(Kind.ONGOING) && reply.status() != 425) {
            return "the word ONGOING in the body means \"not yet\", whatever the status";
        }
        return switch (reply.status()) {
            case 0 -> reply.isLate()
                ? "the coordinator would call again: answer 425 until it is done, or raise"
                    + " request_timeout" : "";
            case 200 -> reply.is(Kind.UNKNOWN)
                ? "the coordinator does not take this 200 for a success: answer whole JSON in"
                    + " UTF-8, not compressed, in verdict_mode strict with dtm_result" : "";
            case 409 -> "409 means refused for good: if this payload can be accepted, answer 200";
            case 401, 403 -> "the call was not let in: give what it needs with --header";
            case 400, 404, 405, 415, 422 ->
                "this is no refusal but an error, which is retried for ever: look at url, method"
                    + " and payload; refuse with 409";
            default -> reply.status() < 300 ? "only 200 is success: answer 200, if need be with an"
                + " empty body"
                : reply.status() < 400 ? "redirects are not followed: give the url it leads to"
                : "";
        };
    }

    /** Of an answer that should have been a refusal. */
    static String forRefusal(CallResult reply) {
        return reply.is(Kind.SUCCESS) ? "a refusal is a 409; an error in the body of a 200 is not"
            + " seen" : "this is taken for an error, and the action is called for ever: answer 409";
    }

    /** The reply, and what to do about it. */
    static String with(CallResult reply, String advice) {
        return reply.text() + (advice.isEmpty() ? "" : ": " + advice);
    }
}
