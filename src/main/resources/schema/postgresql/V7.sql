-- Schema 7. Each statement may be run again: an upgrade that was cut short goes on.

-- Who did what to others' transactions and to the server, a row each, sealed so that none can be
-- changed, removed or added unnoticed. Rows are only ever inserted.
CREATE TABLE IF NOT EXISTS pactor_audit (
    seq        BIGINT NOT NULL PRIMARY KEY,
    written_at BIGINT NOT NULL,
    kind       VARCHAR(64) NOT NULL,
    about      BIGINT NOT NULL,
    caller     VARCHAR(256) NOT NULL,
    role       VARCHAR(64) NOT NULL,
    known_by   VARCHAR(64) NOT NULL,
    address    VARCHAR(64) NOT NULL,
    act        VARCHAR(256) NOT NULL,
    target     VARCHAR(1024) NOT NULL,
    reason     VARCHAR(1024) NOT NULL,
    was        VARCHAR(64) NOT NULL,
    became     VARCHAR(64) NOT NULL,
    result     VARCHAR(64) NOT NULL,
    key_name   VARCHAR(64) NOT NULL,
    former     VARCHAR(64) NOT NULL,
    seal       VARCHAR(64) NOT NULL
);

-- Where that log ends: its only row is locked by whoever appends.
CREATE TABLE IF NOT EXISTS pactor_audit_head (
    id   INT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    seal VARCHAR(64) NOT NULL
);

INSERT INTO pactor_audit_head (id, seq, seal)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')
    ON CONFLICT (id) DO NOTHING;
