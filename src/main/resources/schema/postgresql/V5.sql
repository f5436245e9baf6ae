-- Schema 5. Each statement may be run again: an upgrade that was cut short goes on.

-- What transactions are found by, a row for each attribute; most have none. Written with the row of
-- the transaction, and removed with its history.
CREATE TABLE IF NOT EXISTS pactor_attribute (
    transaction_id BIGINT NOT NULL,
    name           VARCHAR(256) COLLATE "C" NOT NULL,
    content        VARCHAR(256) COLLATE "C" NOT NULL,
    opened_at      BIGINT NOT NULL,
    PRIMARY KEY (transaction_id, name)
);

-- A list by an attribute is a walk along this index.
CREATE INDEX IF NOT EXISTS pactor_attribute_listed
    ON pactor_attribute (name, content, opened_at, transaction_id);
