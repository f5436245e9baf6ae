-- Schema 9. Each statement may be run again: an upgrade that was cut short goes on.

-- Namespaces. A gid is unique within one: outside of the namespace default the column holds
-- NAMESPACE, a tab and GID, so the index over it holds for both.
ALTER TABLE pactor_transaction ALTER COLUMN gid SET DATA TYPE VARCHAR(193);

-- Every list is a walk along this index for each mode and status that it may show, in its namespace.
CREATE INDEX IF NOT EXISTS pactor_transaction_listing
    ON pactor_transaction (namespace, mode, status, opened_at, id);

DROP INDEX IF EXISTS pactor_transaction_listed;

ALTER TABLE pactor_topic ADD COLUMN namespace VARCHAR(64) DEFAULT 'default' NOT NULL;

ALTER TABLE pactor_topic DROP PRIMARY KEY;

ALTER TABLE pactor_topic ADD PRIMARY KEY (namespace, name);
