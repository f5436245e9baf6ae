package crash;

import java.util.Optional;

/**
 * What an initiator knows for certain of a transaction when it is through with it.
 *
 * @param acked whether anything of it was acknowledged, so that it must be there
 * @param end how it must end; empty if nobody promised
 */
record Told(Transfer transfer, boolean acked, Optional<String> end) {

    static final String SUCCEED = "succeed";
    static final String FAILED = "failed";

    static Told sure(Transfer transfer, String end) {
        return new Told(transfer, true, Optional.of(end));
    }

    static Told open(Transfer transfer) {
        return new Told(transfer, true, Optional.empty());
    }
}
