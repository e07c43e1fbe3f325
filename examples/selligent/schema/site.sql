-- The database of the sites: visitors and what they did, of those who agreed to be measured.
create table visitor (
  id integer primary key,
  name varchar(120),
  email varchar(160) not null,
  language char(2) not null,
  last_contact_on date not null,
  created_at timestamp not null
);
create index visitor_email on visitor (email);
create table visit (
  id integer primary key,
  visitor_id integer not null references visitor (id),
  seen_at timestamp not null,
  page varchar(120) not null,
  address varchar(40) not null,
  agent varchar(80) not null,
  system varchar(40) not null,
  referrer varchar(120),
  topic varchar(40)
);
create index visit_visitor on visit (visitor_id);
create table mail_opening (
  id integer primary key,
  visitor_id integer not null references visitor (id),
  opened_at timestamp not null,
  link varchar(120) not null
);
create index mail_opening_visitor on mail_opening (visitor_id);
