package bench;

/**
 * Makes the requests of one lane, one after another; all of its script's, in order, make one
 * transaction. On the load's thread.
 */
interface Requests {

    /** Hears once per request, on the load's thread. */
    interface Listener {
        /** The answer was the one that belongs there. */
        void answered();

        /**
         * Another answer, or none; what the request did is then unknown.
         *
         * @param kind what is counted under
         * @param says the answer, if there was one
         */
        void wrong(String kind, String says);
    }

    /** How many make a transaction. */
    int count();

    /** Makes the one with that index. The earlier one must have been answered. */
    void make(int index, Flight flight, Listener hears);

    /** Gives up a request that was made before {@code nanos}. */
    void expire(long nanos);

    /** Hangs up; an outstanding request hears nothing more. */
    void close();
}
