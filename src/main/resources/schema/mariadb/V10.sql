-- Schema 10. Each statement may be run again: an upgrade that was cut short goes on.

-- Participants that operators have nobody call for a while, a row each; '*' is all of them.
CREATE TABLE IF NOT EXISTS pactor_hold (
    participant VARBINARY(300) NOT NULL PRIMARY KEY,
    until_at    BIGINT,
    reason      TEXT NOT NULL,
    held_by     VARCHAR(256) NOT NULL,
    held_at     BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
