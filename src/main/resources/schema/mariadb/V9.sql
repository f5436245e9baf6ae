-- Schema 9. Each statement may be run again: an upgrade that was cut short goes on.

-- Namespaces. A gid is unique within one: outside of the namespace default the column holds
-- NAMESPACE, a tab and GID, so the index over it holds for both.
ALTER TABLE pactor_transaction MODIFY COLUMN gid VARBINARY(577) NOT NULL;

-- Every list is a walk along this index for each mode and status that it may show, in its namespace.
CREATE INDEX pactor_transaction_listing
    ON pactor_transaction (namespace, mode, status, opened_at, id);

DROP INDEX pactor_transaction_listed ON pactor_transaction;

ALTER TABLE pactor_topic ADD COLUMN namespace VARCHAR(64) NOT NULL DEFAULT 'default';

ALTER TABLE pactor_topic DROP PRIMARY KEY, ADD PRIMARY KEY (namespace, name);
