-- The barrier: a row for each operation that was done, and beside it what was answered.
-- For MySQL from 5.7 on, and MariaDB. The application needs select, insert, update, delete on both.

-- Column by column the table of DTM's clients. Its collation is binary: the usual ones take
-- order-A and order-a for the same transaction.
create table if not exists barrier (
  id bigint not null auto_increment primary key,
  trans_type varchar(45) not null default '',
  gid varchar(128) not null default '',
  branch_id varchar(128) not null default '',
  op varchar(45) not null default '',
  barrier_id varchar(45) not null default '',
  reason varchar(45) not null default '',
  create_time datetime default current_timestamp,
  update_time datetime default current_timestamp,
  unique key uniq_barrier (gid, branch_id, op, barrier_id)
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin row_format = dynamic;

create table if not exists barrier_reply (
  gid varchar(128) not null,
  branch_id varchar(128) not null,
  op varchar(45) not null,
  barrier_id varchar(45) not null,
  content_type varchar(255) not null,
  body blob not null,
  create_time datetime not null default current_timestamp,
  primary key (gid, branch_id, op, barrier_id)
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin row_format = dynamic;
