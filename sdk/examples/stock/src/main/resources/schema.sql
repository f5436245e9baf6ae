create table if not exists stock(
    article varchar(40) primary key,
    copies  int not null check (copies >= 0)
);
insert into stock(article, copies)
    select 'book', 100 where not exists (select 1 from stock where article = 'book');
