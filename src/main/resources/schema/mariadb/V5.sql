-- Schema 5. Each statement may be run again: an upgrade that was cut short goes on.

-- What transactions are found by, a row for each attribute; most have none. Written with the row of
-- the transaction, and removed with its history. A list by an attribute is a walk along
-- pactor_attribute_listed. Names and contents are bytes, as all that is looked up.
CREATE TABLE IF NOT EXISTS pactor_attribute (
    transaction_id BIGINT NOT NULL,
    name           VARBINARY(768) NOT NULL,
    content        VARBINARY(768) NOT NULL,
    opened_at      BIGINT NOT NULL,
    PRIMARY KEY (transaction_id, name),
    INDEX pactor_attribute_listed (name, content, opened_at, transaction_id)
) ENGINE=InnoDB;
