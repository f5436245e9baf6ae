package io.pactor.client.participant;

/**
 * The business says no, for good: there is no stock, no such account. A participant throws it out
 * of the transaction of its work, which must roll back; the coordinator is answered 409, and rolls
 * the global transaction back.
 *
 * <p>Only for what a later attempt cannot change. For an error that may go away throw anything
 * else: the coordinator then calls again. Only an action, a try, or the check-back of a message may
 * be refused; anything else is called again, refused or not.
 */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason for people; the coordinator stores and shows it, so it holds no secret */
    public Refused(String reason) {
        super(reason);
    }

    /** The same, with what led to it. The cause stays in this process. */
    public Refused(String reason, Throwable cause) {
        super(reason, cause);
    }
}
