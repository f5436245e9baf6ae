-- Schema 11. Each statement may be run again: an upgrade that was cut short goes on.

-- What keeps unfinished transactions from going on, a row for each that is in trouble; those that
-- are not cost nothing here. Written with the row of the transaction, and removed when it is over.
CREATE TABLE IF NOT EXISTS pactor_trouble (
    transaction_id BIGINT NOT NULL PRIMARY KEY,
    opened_at      BIGINT NOT NULL,
    cause          VARCHAR(16) NOT NULL,
    participant    VARCHAR(300) NOT NULL,
    error          VARCHAR(200) NOT NULL,
    attempts       INT NOT NULL
);

CREATE INDEX IF NOT EXISTS pactor_trouble_listed ON pactor_trouble (opened_at, transaction_id);

-- Lists of those at one participant.
CREATE INDEX IF NOT EXISTS pactor_trouble_participant
    ON pactor_trouble (participant, opened_at, transaction_id);

-- Those that are in trouble already: at whom is told when they are tried the next time.
INSERT INTO pactor_trouble (transaction_id, opened_at, cause, participant, error, attempts)
    SELECT t.id, t.opened_at,
        CASE WHEN t.quarantine <> '' THEN 'quarantined' ELSE t.waits_for END, 'unknown', 'unknown', 0
    FROM pactor_transaction t
    WHERE t.status IN ('prepared', 'submitted', 'aborting')
        AND (t.quarantine <> '' OR t.waits_for IN ('retry', 'put-off', 'callback', 'parked'))
        AND NOT EXISTS (SELECT 1 FROM pactor_trouble x WHERE x.transaction_id = t.id);
