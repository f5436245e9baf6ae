-- Schema 8. Each statement may be run again: an upgrade that was cut short goes on.

-- What calls of branches brought, a row each, unless it is in the journal: for each operation the
-- first and the last of them. Removed with the history.
CREATE TABLE IF NOT EXISTS pactor_attempt (
    transaction_id BIGINT NOT NULL,
    branch_id      VARCHAR(128) NOT NULL,
    op             VARCHAR(16) NOT NULL,
    attempt        INT NOT NULL,
    started_at     BIGINT NOT NULL,
    version        INT NOT NULL,
    content        VARBINARY NOT NULL,
    PRIMARY KEY (transaction_id, branch_id, op, attempt)
);
