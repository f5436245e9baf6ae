package transaction;

/** What a client is told. Each facade has one table from these to its protocol. */
public sealed interface Reply {

    /** What {@code visitor} has for its kind. */
    <T> T accept(ReplyVisitor<T> visitor);

    Reply DONE = new Done();

    Reply WRITTEN = new Written();

    Reply PENDING = new Pending();

    Reply UNKNOWN_REQUEST = new UnknownRequest();

    /** It is durable; where the client waited, it also came out as hoped. */
    record Done() implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.done(this);
        }
    }

    /**
     * It is durable, and the answer for which the client waits is still to come. Never the last
     * answer: it is for those who wait in the client's place.
     */
    record Written() implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.written(this);
        }
    }

    /** The request is here, and its answer is still to come. Never the last answer. */
    record Pending() implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.pending(this);
        }
    }

    /** The request is not here: it never came, or was lost with a node. Never the last answer. */
    record UnknownRequest() implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.unknownRequest(this);
        }
    }

    /** It can never be done: what is on record rules it out. Nothing was changed. */
    record Refused(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.refused(this);
        }
    }

    /** It is under way, and how it ends is not known yet. */
    record Ongoing(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.ongoing(this);
        }
    }

    /** What a client that waited is told while nothing is decided; {@code why} may be empty. */
    static Reply stillUnderWay(String why) {
        return new Ongoing(
            why + (why.isEmpty() ? "" : "; ") + "wait result not return success: ONGOING");
    }

    /** It is durable and still being tried, but a participant is in trouble. */
    record Troubled(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.troubled(this);
        }
    }

    /** There is no such transaction. */
    record Missing(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.missing(this);
        }
    }

    /** Whoever asks has not shown that it may; nothing was changed. */
    record Forbidden(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.forbidden(this);
        }
    }

    /** The request makes no sense; nothing was changed. */
    record Invalid(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.invalid(this);
        }
    }

    /** This client asks too much at once; nothing was changed. */
    record Overloaded(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.overloaded(this);
        }
    }

    /** There is no room here now, whoever asks; nothing was changed. */
    record Full(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.full(this);
        }
    }

    /** It may or may not have happened: ask again with the same gid. */
    record Unclear(String reason) implements Reply {
        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.unclear(this);
        }
    }

    /**
     * The transaction as it is.
     *
     * @param transaction what is on record, and of its operations what its node knows besides
     * @param summary the same in one row; null if there is no such transaction
     * @param node the address of the node that has it; empty if that is not known
     */
    record Found(GlobalTransaction transaction, Summary summary, String node) implements Reply {

        public Found(GlobalTransaction transaction, Summary summary) {
            this(transaction, summary, "");
        }

        public Found at(String address) {
            return new Found(transaction, summary, address);
        }

        @Override
        public <T> T accept(ReplyVisitor<T> visitor) {
            return visitor.found(this);
        }
    }
}
