package prove;

/** What a participant answers. */
record Outgoing(int status, String body) {

    static final Outgoing DONE = new Outgoing(200, "");

    static final Outgoing REFUSED = new Outgoing(409, "{\"error\":\"not so many\"}");

    static final Outgoing BUSY = new Outgoing(425, "");
}
