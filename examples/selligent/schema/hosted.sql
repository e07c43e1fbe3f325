-- What one client keeps with us: the people it writes to. It decides; we carry out.
create table audience (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null,
  mobile varchar(40),
  shoe_size integer,
  created_at timestamp not null
);
create index audience_email on audience (email);
