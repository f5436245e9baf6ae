package testkit;

/** How a scripted participant answers a call. */
public enum Answer {
    /** 200: it is done. */
    SUCCESS(200, "{\"dtm_result\":\"SUCCESS\"}"),
    /** 409: it cannot be done, ever. A saga turns back. */
    FAILURE(409, "{\"dtm_result\":\"FAILURE\"}"),
    /** 425: it is being done; ask again after the same time. */
    ONGOING(425, "{\"dtm_result\":\"ONGOING\"}"),
    /** 500: something went wrong; nobody knows what was done. */
    ERROR(500, "{\"message\":\"out of order\"}"),
    /** The connection ends without an answer; nobody knows what was done. */
    HANG_UP(0, "");

    final int status;
    final String body;

    Answer(int status, String body) {
        this.status = status;
        this.body = body;
    }
}
