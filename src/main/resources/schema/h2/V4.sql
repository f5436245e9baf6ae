-- Schema 4. Each statement may be run again: an upgrade that was cut short goes on.

-- Whose a transaction is, what it may be found by (a JSON object, NULL for nothing), how many bytes
-- its history has (NULL if it began under an earlier schema), and what it waits for.
-- H2 copies the table once; the journal stays as it is.
ALTER TABLE pactor_transaction ADD COLUMN (
    namespace  VARCHAR(64) DEFAULT 'default' NOT NULL,
    attributes VARCHAR,
    size_bytes BIGINT,
    waits_for  VARCHAR(16)
);

-- What of an entry is longer than 64 KiB, cut into pieces of that length; their row in
-- pactor_journal says how many there are. They are written with it, and removed with it.
CREATE TABLE IF NOT EXISTS pactor_journal_piece (
    transaction_id BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    piece          INT NOT NULL,
    payload        VARBINARY NOT NULL,
    PRIMARY KEY (transaction_id, ordinal, piece)
);
