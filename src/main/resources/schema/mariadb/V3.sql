-- Schema 3. Each statement may be run again: an upgrade that was cut short goes on.

-- Which node decides about those that are out of reach. Two that do not hear each other both want
-- to; the row is one's alone, and lapses when that node's row in pactor_node does.
CREATE TABLE IF NOT EXISTS pactor_lease (
    name        VARCHAR(255) NOT NULL PRIMARY KEY,
    address     VARCHAR(255) NOT NULL,
    incarnation VARCHAR(64) NOT NULL,
    taken_at    BIGINT NOT NULL
) ENGINE=InnoDB;
