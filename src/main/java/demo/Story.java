package demo;

import java.util.List;

/** One transaction, told and checked. */
interface Story extends AutoCloseable {

    /** In one line: the mode, and what is to be seen. */
    String title();

    /** How it must end. */
    Promise promise();

    /**
     * Plays until nothing is left but to wait for the end.
     *
     * @return the gid of the transaction
     * @throws Exception if a part did what it should not; the demo then ends with exit code 1
     */
    String play(Stage stage) throws Exception;

    /** Checks what else must have been seen on the way. @throws IllegalStateException if not */
    default void checkAfterwards(Stage stage) {}

    /** Lets go of what the story opened; called once, at the end of the demo. */
    @Override
    default void close() {}

    /**
     * The end of a story.
     *
     * @param status of the transaction, as the coordinator reports it
     * @param changes of the three balances, in cents; they add up to nothing
     */
    record Promise(String status, List<Long> changes) {

        public Promise {
            if (Screen.sum(changes) != 0) {
                throw new IllegalArgumentException("money is neither made nor lost: " + changes);
            }
        }

        static Promise of(String status, long amber, long birch, long cedar) {
            return new Promise(status, List.of(amber, birch, cedar));
        }
    }
}
