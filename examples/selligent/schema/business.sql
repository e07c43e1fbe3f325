-- The business database: clients, suppliers, members, events, contests, blogs, support. Runs as it stands on PostgreSQL.
create table client (
  id integer primary key,
  name varchar(120) not null,
  vat_number varchar(20) not null,
  status varchar(10) not null,
  ended_on date
);
create table contact (
  id integer primary key,
  client_id integer not null references client (id),
  name varchar(120) not null,
  email varchar(160) not null,
  phone varchar(40),
  mobile varchar(40),
  fax varchar(40),
  language char(2) not null,
  login varchar(40),
  created_at timestamp not null
);
create index contact_client on contact (client_id);
create index contact_email on contact (email);
create table prospect (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null,
  employer varchar(120),
  language char(2) not null,
  lead varchar(80),
  created_at timestamp not null
);
create index prospect_email on prospect (email);
create table orders (
  id integer primary key,
  contact_id integer not null references contact (id),
  placed_on date not null,
  what varchar(120) not null
);
create index orders_contact on orders (contact_id);
create table invoice (
  id integer primary key,
  order_id integer not null references orders (id),
  issued_on date not null,
  tax_from date not null,
  amount numeric(10, 2) not null
);
create index invoice_order on invoice (order_id);
create table support_message (
  id integer primary key,
  contact_id integer references contact (id),
  prospect_id integer references prospect (id),
  sent_at timestamp not null,
  question varchar(400) not null
);
create index support_message_contact on support_message (contact_id);
create index support_message_prospect on support_message (prospect_id);
create table alert (
  id integer primary key,
  contact_id integer not null references contact (id),
  raised_at timestamp not null,
  what varchar(120) not null
);
create index alert_contact on alert (contact_id);
create table survey_answer (
  id integer primary key,
  contact_id integer not null references contact (id),
  given_at timestamp not null,
  answer varchar(200) not null
);
create index survey_answer_contact on survey_answer (contact_id);
create table supplier (
  id integer primary key,
  name varchar(120) not null,
  active boolean not null
);
create table supplier_contact (
  id integer primary key,
  supplier_id integer not null references supplier (id),
  name varchar(120) not null,
  email varchar(160) not null,
  phone varchar(40),
  created_at timestamp not null
);
create index supplier_contact_supplier on supplier_contact (supplier_id);
create index supplier_contact_email on supplier_contact (email);
create table member (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null,
  level varchar(20) not null,
  active boolean not null,
  created_at timestamp not null
);
create index member_email on member (email);
create table registration (
  id integer primary key,
  event varchar(80) not null,
  event_ended_on date not null,
  name varchar(120) not null,
  email varchar(160) not null,
  created_at timestamp not null
);
create index registration_email on registration (email);
create table contest_entry (
  id integer primary key,
  drawn_on date,
  name varchar(120) not null,
  email varchar(160) not null,
  answer varchar(200) not null,
  created_at timestamp not null
);
create index contest_entry_email on contest_entry (email);
create table author (
  id integer primary key,
  pen_name varchar(120) not null,
  email varchar(160) not null,
  created_at timestamp not null
);
create index author_email on author (email);
create table post (
  id integer primary key,
  author_id integer not null references author (id),
  published boolean not null,
  posted_at timestamp not null,
  body varchar(400) not null
);
create index post_author on post (author_id);
create table privacy_request (
  id integer primary key,
  email varchar(160) not null,
  asked varchar(200) not null,
  received_at timestamp not null,
  closed_on date
);
create index privacy_request_email on privacy_request (email);
