-- Schema 12. Each statement may be run again: an upgrade that was cut short goes on.

-- Bulk operations of operators: one action on many transactions.
CREATE TABLE IF NOT EXISTS pactor_bulk (
    namespace  VARCHAR(64) NOT NULL,
    id         VARCHAR(64) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    action     VARCHAR(16) NOT NULL,
    branch_id  VARCHAR(128) NOT NULL,
    op         VARCHAR(16) NOT NULL,
    outcome    VARCHAR(16) NOT NULL,
    until_at   BIGINT,
    reason     VARCHAR(1024) NOT NULL,
    begun_by   VARCHAR(256) NOT NULL,
    selection  VARCHAR(16000) NOT NULL,
    changed_by VARCHAR(256) NOT NULL,
    begun_at   BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at   BIGINT,
    total      INT NOT NULL,
    succeeded  INT NOT NULL,
    refused    INT NOT NULL,
    failed     INT NOT NULL,
    PRIMARY KEY (namespace, id)
);

CREATE INDEX IF NOT EXISTS pactor_bulk_listed ON pactor_bulk (namespace, begun_at, id);

CREATE INDEX IF NOT EXISTS pactor_bulk_waiting ON pactor_bulk (state, updated_at);

-- Their transactions, and what has become of each. Those that are next are a walk along
-- pactor_bulk_item_next.
CREATE TABLE IF NOT EXISTS pactor_bulk_item (
    namespace  VARCHAR(64) NOT NULL,
    bulk_id    VARCHAR(64) NOT NULL,
    item       INT NOT NULL,
    gid        VARCHAR(128) NOT NULL,
    result     VARCHAR(16) NOT NULL,
    tries      INT NOT NULL,
    detail     VARCHAR(1024) NOT NULL,
    tried_at   BIGINT,
    PRIMARY KEY (namespace, bulk_id, item)
);

CREATE INDEX IF NOT EXISTS pactor_bulk_item_next
    ON pactor_bulk_item (namespace, bulk_id, result, tries, item);
