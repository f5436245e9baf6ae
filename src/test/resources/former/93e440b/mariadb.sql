-- Schema 1, for MariaDB and MySQL. Times are microseconds since 1970-01-01T00:00Z. Its number is
-- noted in pactor_schema once all of it is there.
--
-- Names are bytes (UTF-8), so that no collation takes two for one: not by case, not by accents, not
-- by blanks at the end.

CREATE TABLE IF NOT EXISTS pactor_schema (
    version INT NOT NULL PRIMARY KEY
) ENGINE=InnoDB;

-- The index: one row per transaction, changed together with its journal. The id grows with time,
-- so whatever is clustered by it stays together on disk however random the gids are. Two who open
-- the same gid at once: the second is refused. Every list is a walk along pactor_transaction_listed
-- for each mode and status that it may show.
CREATE TABLE IF NOT EXISTS pactor_transaction (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    gid            VARBINARY(512) NOT NULL,
    ordinal        BIGINT NOT NULL,
    mode           VARCHAR(16) NOT NULL,
    status         VARCHAR(16) NOT NULL,
    opened_at      BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    due_at         BIGINT,
    retry_millis   BIGINT NOT NULL,
    protocol       VARCHAR(16) NOT NULL,
    query_prepared LONGTEXT NOT NULL,
    custom_data    LONGTEXT NOT NULL,
    options        LONGTEXT NOT NULL,
    reason         LONGTEXT NOT NULL,
    result         LONGTEXT NOT NULL,
    quarantine     LONGTEXT NOT NULL,
    UNIQUE INDEX pactor_transaction_gid (gid),
    INDEX pactor_transaction_listed (mode, status, opened_at, id),
    INDEX pactor_transaction_due (due_at, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row per decision. The primary key is the fence: of two who append the same ordinal, one
-- fails.
CREATE TABLE IF NOT EXISTS pactor_journal (
    transaction_id BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    version        INT NOT NULL,
    checksum       INT NOT NULL,
    written_at     BIGINT NOT NULL,
    payload        LONGBLOB NOT NULL,
    PRIMARY KEY (transaction_id, ordinal)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS pactor_topic (
    name        VARBINARY(512) NOT NULL PRIMARY KEY,
    subscribers LONGTEXT NOT NULL,
    version     INT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
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
) ENGINE=InnoDB;
