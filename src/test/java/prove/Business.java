package prove;

/** What a participant does, whatever brings it the calls. Any thread. */
interface Business {

    /** What it has at the beginning. */
    long STOCK = 1_000;

    Outgoing serve(Incoming call);

    String state();
}
