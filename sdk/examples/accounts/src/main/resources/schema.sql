create table if not exists account(
    name  varchar(40) primary key,
    cents bigint not null check (cents >= 0)
);
insert into account(name, cents)
    select 'ann', 10000 where not exists (select 1 from account where name = 'ann');
