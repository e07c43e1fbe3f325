-- The newsletter tool and web shop: one database of another supplier. Runs as it stands on PostgreSQL;
-- company.py writes `datetime` for `timestamp` on MariaDB and SQLite.
create table web_account (
  id integer primary key,
  email varchar(160) not null,
  password_hash varchar(80) not null,
  first_name varchar(60),
  last_name varchar(80),
  mobile varchar(40),
  account_type varchar(10) not null,
  customer_number varchar(12),
  language char(2) not null,
  status varchar(10) not null,
  created_at timestamp not null,
  closed_on date
);
create index web_account_email on web_account (email);
create index web_account_mobile on web_account (mobile);
create index web_account_number on web_account (customer_number);
create table login_attempt (
  id integer primary key,
  email varchar(160) not null,
  ip varchar(45),
  succeeded boolean not null,
  at timestamp not null
);
create index login_attempt_email on login_attempt (email);
create table page_view (
  id integer primary key,
  web_account_id integer,
  path varchar(160) not null,
  agent varchar(200),
  at timestamp not null,
  foreign key (web_account_id) references web_account (id)
);
create table basket (
  id integer primary key,
  web_account_id integer,
  email varchar(160),
  created_at timestamp not null,
  updated_at timestamp not null,
  foreign key (web_account_id) references web_account (id)
);
create index basket_email on basket (email);
create table basket_line (
  basket_id integer not null,
  line integer not null,
  sku varchar(20) not null,
  size varchar(8),
  quantity integer not null,
  primary key (basket_id, line),
  foreign key (basket_id) references basket (id) on delete cascade
);
create table shop_order (
  id integer primary key,
  web_account_id integer not null,
  name varchar(140),
  delivery_address varchar(240),
  placed_at timestamp not null,
  total decimal(10, 2) not null,
  crm_number varchar(16),
  foreign key (web_account_id) references web_account (id)
);
create table shop_order_line (
  order_id integer not null,
  line integer not null,
  sku varchar(20) not null,
  size varchar(8),
  quantity integer not null,
  primary key (order_id, line),
  foreign key (order_id) references shop_order (id)
);
create table campaign (
  id integer primary key,
  name varchar(80) not null,
  subject varchar(160) not null,
  sent_at timestamp not null
);
create table subscriber (
  id integer primary key,
  email varchar(160) not null unique,
  first_name varchar(60),
  last_name varchar(80),
  mobile varchar(40),
  language char(2) not null,
  origin varchar(20) not null,
  web_account_id integer,
  subscribed_at timestamp not null,
  last_active_on date not null,
  foreign key (web_account_id) references web_account (id)
);
create index subscriber_mobile on subscriber (mobile);
create table delivery (
  id integer primary key,
  campaign_id integer not null,
  subscriber_id integer not null,
  sent_at timestamp not null,
  state varchar(10) not null,
  foreign key (campaign_id) references campaign (id),
  foreign key (subscriber_id) references subscriber (id)
);
create table opening (
  id integer primary key,
  delivery_id integer not null,
  kind varchar(6) not null,
  url varchar(160),
  ip varchar(45),
  agent varchar(200),
  at timestamp not null,
  foreign key (delivery_id) references delivery (id)
);
create table topic_score (
  web_account_id integer not null,
  topic varchar(40) not null,
  score integer not null,
  inferred_at timestamp not null,
  primary key (web_account_id, topic),
  foreign key (web_account_id) references web_account (id)
);
create table survey_answer (
  id integer primary key,
  email varchar(160),
  score integer not null,
  remark varchar(400),
  answered_at timestamp not null
);
create index survey_answer_email on survey_answer (email);
