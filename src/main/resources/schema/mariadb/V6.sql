-- Schema 6. Each statement may be run again: an upgrade that was cut short goes on.

-- Secrets that all nodes share, made at random by the first that needs one.
CREATE TABLE IF NOT EXISTS pactor_secret (
    name    VARCHAR(64) NOT NULL PRIMARY KEY,
    content VARBINARY(256) NOT NULL
) ENGINE=InnoDB;
