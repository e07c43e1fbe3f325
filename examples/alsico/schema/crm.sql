-- The customer database of the workwear maker (PostgreSQL). A company's own schema: Belofte adds nothing to it.
create table employee (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null unique,
  phone varchar(40),
  job varchar(80) not null,
  national_number varchar(20),
  iban varchar(34),
  manager_id integer references employee (id),
  hired_on date not null,
  left_on date
);
create table company (
  id integer primary key,
  number varchar(12) not null unique,
  name varchar(160) not null,
  legal_form varchar(8) not null,
  vat_number varchar(20),
  street varchar(120), postcode varchar(10), city varchar(80),
  phone varchar(40),
  email varchar(160),
  iban varchar(34),
  language char(2) not null default 'nl',
  status varchar(12) not null check (status in ('prospect', 'active', 'ended')),
  started_on date,
  ended_on date,
  parent_id integer references company (id),
  account_manager_id integer references employee (id),
  credit_score integer, credit_limit numeric(12, 2), assessed_on date,
  created_at timestamp with time zone not null
);
create index company_parent on company (parent_id);
create index company_email on company (lower(email));
create table contact (
  id integer primary key,
  company_id integer not null references company (id),
  first_name varchar(60) not null,
  last_name varchar(80) not null,
  job varchar(80),
  email varchar(160),
  phone varchar(40),
  mobile varchar(40),
  language char(2),
  interest varchar(60),
  created_at timestamp with time zone not null
);
create index contact_company on contact (company_id);
create index contact_email on contact (email);
create index contact_email_folded on contact (lower(email));
create index contact_phone on contact (phone);
create index contact_mobile on contact (mobile);
create table wearer (
  id integer primary key,
  company_id integer not null references company (id),
  badge varchar(20) not null,
  first_name varchar(60) not null,
  last_name varchar(80) not null,
  fit char(1) not null,
  height_cm integer,
  jacket varchar(8), trousers varchar(8), shoes varchar(8),
  created_at timestamp with time zone not null,
  unique (company_id, badge)
);
create table product (
  id integer primary key,
  sku varchar(20) not null unique,
  name varchar(120) not null,
  price numeric(10, 2) not null
);
create table orders (
  id integer primary key,
  number varchar(16) not null unique,
  company_id integer not null references company (id),
  contact_id integer references contact (id),
  ordered_by varchar(140),
  delivery_address varchar(240),
  placed_at timestamp with time zone not null,
  state varchar(12) not null
);
create index orders_company on orders (company_id);
create index orders_contact on orders (contact_id);
create table order_line (
  order_id integer not null references orders (id),
  line integer not null,
  product_id integer not null references product (id),
  wearer_id integer references wearer (id),
  size varchar(8),
  label varchar(60),
  quantity integer not null,
  price numeric(10, 2) not null,
  primary key (order_id, line)
);
create index order_line_wearer on order_line (wearer_id);
create table invoice (
  id integer primary key,
  number varchar(16) not null unique,
  company_id integer not null references company (id),
  order_id integer references orders (id),
  contact_id integer references contact (id),
  attention_of varchar(140),
  date date not null,
  tax_from date not null,
  total numeric(12, 2) not null,
  vat numeric(12, 2) not null
);
create index invoice_company on invoice (company_id);
create index invoice_order on invoice (order_id);
create index invoice_contact on invoice (contact_id);
create table payment (
  id integer primary key,
  invoice_id integer not null references invoice (id),
  received_on date not null,
  amount numeric(12, 2) not null,
  iban varchar(34),
  holder varchar(140),
  reference varchar(80)
);
create index payment_invoice on payment (invoice_id);
create table call (
  id integer primary key,
  company_id integer references company (id),
  contact_id integer references contact (id),
  employee_id integer references employee (id),
  number varchar(40),
  direction varchar(3) not null,
  at timestamp with time zone not null,
  subject varchar(120),
  summary text
);
create index call_company on call (company_id);
create index call_contact on call (contact_id);
create index call_employee on call (employee_id);
create table recording (
  id integer primary key,
  call_id integer not null unique references call (id) on delete cascade,
  file varchar(120) not null,
  made_at timestamp with time zone not null
);
create table note (
  id integer primary key,
  contact_id integer references contact (id),
  company_id integer references company (id),
  author_id integer references employee (id),
  at timestamp with time zone not null,
  text text not null
);
create index note_contact on note (contact_id);
create index note_company on note (company_id);
create index note_author on note (author_id);
create table message (
  id integer primary key,
  contact_id integer references contact (id),
  employee_id integer references employee (id),
  incoming boolean not null,
  reply_to integer references message (id),
  sent_at timestamp with time zone not null,
  subject varchar(160),
  body text
);
create index message_contact on message (contact_id);
create index message_employee on message (employee_id);
create index message_reply on message (reply_to);
create table complaint (
  id integer primary key,
  contact_id integer references contact (id),
  company_id integer references company (id),
  received_at timestamp with time zone not null,
  way varchar(8) not null,
  text text not null,
  answered_on date
);
create index complaint_contact on complaint (contact_id);
create index complaint_company on complaint (company_id);
create table enquiry (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null,
  phone varchar(40),
  question text not null,
  received_at timestamp with time zone not null,
  company_id integer references company (id)
);
create index enquiry_email on enquiry (lower(email));
create index enquiry_company on enquiry (company_id);
create table supplier (
  id integer primary key,
  name varchar(160) not null,
  vat_number varchar(20),
  email varchar(160),
  active boolean not null
);
create table supplier_contact (
  id integer primary key,
  supplier_id integer not null references supplier (id),
  name varchar(120) not null,
  email varchar(160),
  phone varchar(40),
  created_at timestamp with time zone not null
);
create index supplier_contact_supplier on supplier_contact (supplier_id);
create index supplier_contact_email on supplier_contact (lower(email));
create table applicant (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160) not null,
  phone varchar(40),
  birth_date date,
  position varchar(80) not null,
  cv text,
  outcome varchar(20),
  applied_at timestamp with time zone not null,
  decided_on date
);
create index applicant_email on applicant (lower(email));
create table privacy_request (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160),
  asked varchar(20) not null,
  text text,
  received_at timestamp with time zone not null,
  closed_on date
);
create index privacy_request_email on privacy_request (lower(email));
create table visit (
  id integer primary key,
  name varchar(120) not null,
  email varchar(160),
  company_name varchar(160),
  plate varchar(12),
  host_id integer references employee (id),
  arrived_at timestamp with time zone not null
);
create index visit_email on visit (lower(email));
create index visit_host on visit (host_id);
