package io.pactor.test;

/** How a {@link ScriptedParticipant} answers a call. */
public enum Answer {

    /** 200: it is done. */
    SUCCESS(200, ""),

    /** 409: it cannot be done, ever. */
    REFUSED(409, "refused by script"),

    /** 425: it is being done; ask again. */
    ONGOING(425, ""),

    /** 500: nobody knows what was done. */
    ERROR(500, "out of order by script"),

    /** The call is recorded, and the connection ends without an answer. */
    LOST(0, "");

    private final int status;
    private final String body;

    Answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }
}
