-- The barrier: a row for each operation that was done, and beside it what was answered.
-- For SQL Server from 2016 on. Written after its manual; it has not been run.

-- The columns of DTM's clients, for any character. The collation is binary: the usual ones take
-- order-A and order-a for the same transaction. DTM's clients need the key to ignore duplicates.
create table barrier (
  id bigint identity(1, 1) not null primary key,
  trans_type nvarchar(45) not null default '',
  gid nvarchar(128) collate Latin1_General_100_BIN2 not null default '',
  branch_id nvarchar(128) collate Latin1_General_100_BIN2 not null default '',
  op nvarchar(45) collate Latin1_General_100_BIN2 not null default '',
  barrier_id nvarchar(45) collate Latin1_General_100_BIN2 not null default '',
  reason nvarchar(45) not null default '',
  create_time datetime default current_timestamp,
  update_time datetime default current_timestamp,
  constraint uniq_barrier unique (gid, branch_id, op, barrier_id) with (ignore_dup_key = on)
);

create table barrier_reply (
  gid nvarchar(128) collate Latin1_General_100_BIN2 not null,
  branch_id nvarchar(128) collate Latin1_General_100_BIN2 not null,
  op nvarchar(45) collate Latin1_General_100_BIN2 not null,
  barrier_id nvarchar(45) collate Latin1_General_100_BIN2 not null,
  content_type nvarchar(255) not null,
  body varbinary(max) not null,
  create_time datetime not null default current_timestamp,
  primary key (gid, branch_id, op, barrier_id)
);
