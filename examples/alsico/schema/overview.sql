-- The customer overview of the workwear maker: one, for every department whose task is running contracts. It is put
-- together from what the purpose `orders` may see and from nothing else, with the rights of whoever calls it: who does
-- not read for that purpose gets nothing. A function, no view: a view over views of ours would stand in the way of
-- `belofte apply`, which makes them anew.
create or replace function public.customer_overview()
returns table (
  contact_id integer, name text, job text, email text, phone text, company_id integer,
  open_orders bigint, last_order timestamp with time zone, invoiced numeric, paid numeric
)
language sql stable security invoker as $$
  select c.id, c.first_name || ' ' || c.last_name, c.job, c.email, coalesce(c.mobile, c.phone), c.company_id,
    (select count(*) from for_orders.orders o where o.company_id = c.company_id and o.state = 'open'),
    (select max(o.placed_at) from for_orders.orders o where o.company_id = c.company_id),
    (select sum(i.total) from for_orders.invoice i where i.company_id = c.company_id),
    (select sum(p.amount) from for_orders.payment p
     join for_orders.invoice i on i.id = p.invoice_id where i.company_id = c.company_id)
  from for_orders.contact c
$$;
