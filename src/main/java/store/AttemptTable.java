package store;

/** What calls of branches brought, as far as it is not in the journal. */
final class AttemptTable {

    static final String COLUMNS =
        "transaction_id, branch_id, op, attempt, started_at, version, content";

    private AttemptTable() {}
}
