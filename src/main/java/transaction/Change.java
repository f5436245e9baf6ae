package transaction;

import java.util.Optional;

/**
 * An operator corrects how an operation is called that has no verdict yet; not while a call of its
 * branch is on its way. Said again it changes nothing.
 *
 * @param url whom to call from now on; empty leaves that as it is
 * @param payload what to send; absent leaves it
 * @param requestTimeoutSeconds as {@link CallOptions}; -1 leaves it
 * @param retryLimit the same
 * @param retryIntervalSeconds the same
 * @param by who; empty if that is not known
 */
public record Change(String gid, CallKey key, String url, Optional<Bytes> payload,
        int requestTimeoutSeconds, int retryLimit, int retryIntervalSeconds, String reason,
        String by) implements Command, Intervention {

    public static final int AS_IT_IS = -1;

    public Change {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    @Override
    public void check(String gid) {
        TransactionId.check(gid);
        InvalidRequest.atMost("url", url, Limits.URL_CHARS);
        payload.ifPresent(bytes -> InvalidRequest.require(bytes.size() <= Limits.PAYLOAD_BYTES,
            "payload is larger than " + Limits.PAYLOAD_BYTES + " bytes: " + bytes.size()));
        said("request_timeout", requestTimeoutSeconds);
        said("retry_limit", retryLimit);
        said("retry_interval", retryIntervalSeconds);
        InvalidRequest.require(!url.isEmpty() || payload.isPresent()
            || requestTimeoutSeconds != AS_IT_IS || retryLimit != AS_IT_IS
            || retryIntervalSeconds != AS_IT_IS, "nothing to change is specified");
    }

    private static void said(String name, int value) {
        if (value != AS_IT_IS) {
            Options.inBounds(name, value);
        }
    }

    @Override
    public String quietBranch() {
        return key.branchId();
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        BranchOp op = t.op(key).orElse(null);
        String name = key.branchId() + " " + key.op().wire();
        if (op == null) {
            return Ruling.refuse(new Reply.Missing("no operation " + name + " in " + t.ownGid()));
        }
        if (t.isFinal()) {
            return Intervention.hasEnded(t, "change " + name);
        }
        if (op.isSettled()) {
            return Ruling.refuse("branch " + name + " has the status '" + op.status().wire()
                + "' already: cannot change it.");
        }
        BranchOp changed = op.changed(url.isEmpty() ? op.url() : url, payload.orElse(op.payload()),
            optionsOf(op), op.updatedAt());
        if (changed.equals(op)) {
            return Ruling.accept();
        }
        require(t, op, changed);
        return Ruling.accept(new Event.Changed(key, changed.url(), changed.payload(),
            changed.options(), reason, by, moment.now()));
    }

    private CallOptions optionsOf(BranchOp op) {
        CallOptions before = op.options();
        return new CallOptions(before.method(), before.headers(),
            requestTimeoutSeconds == AS_IT_IS ? before.requestTimeoutSeconds()
                : requestTimeoutSeconds,
            retryLimit == AS_IT_IS ? before.retryLimit() : retryLimit,
            retryIntervalSeconds == AS_IT_IS ? before.retryIntervalSeconds()
                : retryIntervalSeconds);
    }

    /** @throws InvalidRequest if such a call could not be made, or is not this mode's */
    private void require(GlobalTransaction t, BranchOp op, BranchOp changed) {
        boolean carriesNothing = op.op() == Op.COMMIT || op.op() == Op.ROLLBACK
            || op == t.inquiry();
        InvalidRequest.require(payload.isEmpty() || !carriesNothing,
            "the payload of " + op.op().wire() + " is not the transaction's to change");
        InvalidRequest.require(
            t.payloadBytes() - op.payload().size() + changed.payload().size()
                <= Limits.TRANSACTION_BYTES || changed.payload().size() <= op.payload().size(),
            "the payloads of " + t.ownGid() + " are more than " + Limits.TRANSACTION_BYTES
                + " bytes together");
        Urls.requireCallable(changed, t.submission());
        changed.options().requireCarried("the operation", changed.url(), changed.payload(),
            t.submission().protocol());
    }
}
