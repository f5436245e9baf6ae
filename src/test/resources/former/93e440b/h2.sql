-- Schema 1. Times are microseconds since 1970-01-01T00:00Z. Its number is noted in pactor_schema
-- once all of it is there.

CREATE TABLE IF NOT EXISTS pactor_schema (
    version INT NOT NULL PRIMARY KEY
);

-- The index: one row per transaction, changed together with its journal. The id grows with time,
-- so whatever is clustered by it stays together on disk however random the gids are.
CREATE TABLE IF NOT EXISTS pactor_transaction (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gid            VARCHAR(128) NOT NULL,
    ordinal        BIGINT NOT NULL,
    mode           VARCHAR(16) NOT NULL,
    status         VARCHAR(16) NOT NULL,
    opened_at      BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    due_at         BIGINT,
    retry_millis   BIGINT NOT NULL,
    protocol       VARCHAR(16) NOT NULL,
    query_prepared VARCHAR NOT NULL,
    custom_data    VARCHAR NOT NULL,
    options        VARCHAR NOT NULL,
    reason         VARCHAR NOT NULL,
    result         VARCHAR NOT NULL,
    quarantine     VARCHAR NOT NULL
);

-- Two who open the same gid at once: the second is refused.
CREATE UNIQUE INDEX IF NOT EXISTS pactor_transaction_gid ON pactor_transaction (gid);

-- Every list is a walk along this index for each mode and status that it may show.
CREATE INDEX IF NOT EXISTS pactor_transaction_listed
    ON pactor_transaction (mode, status, opened_at, id);

CREATE INDEX IF NOT EXISTS pactor_transaction_due ON pactor_transaction (due_at, id);

-- One row per decision. The primary key is the fence: of two who append the same ordinal, one
-- fails.
CREATE TABLE IF NOT EXISTS pactor_journal (
    transaction_id BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    version        INT NOT NULL,
    checksum       INT NOT NULL,
    written_at     BIGINT NOT NULL,
    payload        VARBINARY NOT NULL,
    PRIMARY KEY (transaction_id, ordinal)
);

CREATE TABLE IF NOT EXISTS pactor_topic (
    name        VARCHAR(128) NOT NULL PRIMARY KEY,
    subscribers VARCHAR NOT NULL,
    version     INT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
-- Schema 2. Each statement may be run again: an upgrade that was cut short goes on.

-- Who works on this database now. Times are those of the database's own clock; a node that has not
-- renewed its row for a while is taken for dead.
CREATE TABLE IF NOT EXISTS pactor_node (
    address     VARCHAR(255) NOT NULL PRIMARY KEY,
    incarnation VARCHAR(64) NOT NULL,
    settled     INT NOT NULL,
    shards      INT NOT NULL,
    version     VARCHAR(64) NOT NULL,
    started_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL
);
