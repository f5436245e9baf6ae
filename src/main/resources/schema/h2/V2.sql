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
