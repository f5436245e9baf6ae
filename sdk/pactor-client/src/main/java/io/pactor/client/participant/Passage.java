package io.pactor.client.participant;

/**
 * What the barrier makes of a call. Only {@link Open} means that the work is to be done; all others
 * change nothing.
 */
public sealed interface Passage {

    /** Whether the work is to be done now. */
    default boolean isOpen() {
        return false;
    }

    /** It comes for the first time, and what it undoes, if anything, was done: do the work. */
    record Open() implements Passage {

        @Override
        public boolean isOpen() {
            return true;
        }
    }

    /**
     * It was done before: succeed, and do nothing.
     *
     * @param reply what was recorded then, byte for byte; {@link Reply#EMPTY} if nothing was
     */
    record Repeated(Reply reply) implements Passage {}

    /**
     * It undoes an action that was never done: succeed, and do nothing. The action never came, or
     * was refused and rolled back. Its place is taken now, so it cannot be done any more.
     */
    record NothingToUndo() implements Passage {}

    /** It is a late action: its undo came first. Nobody would undo it, so it must not be done. */
    record UndoneBefore() implements Passage {

        /** What to throw, so that nobody takes it for done. */
        public Refused refusal(BranchCall call) {
            return new Refused("Too late: the " + call + " was undone before it came");
        }
    }
}
