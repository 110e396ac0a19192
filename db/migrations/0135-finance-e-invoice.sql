-- Electronic invoices, out and in, with the verdict of the rules of EN 16931 on each. Why: what left and what came stay as the files they
-- are, with their digest, so that a file is never taken in twice and it can be shown later what was judged, by which rules, and why a
-- document that breaks one was taken all the same.

-- How electronic invoices name the tax of a code; nothing said follows from its rate and from reverse charge.
alter table finance.tax_code
  add column vat_category text check (vat_category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')),
  -- A code of VATEX, and the words for it.
  add column exemption_code text check (exemption_code ~ '^[A-Z0-9-]{1,40}$'),
  add column exemption_text text check (exemption_text <> '');

-- Where electronic invoices reach a party, and what it wants to read on them.
create table finance.party_einvoice (
  tenant_id uuid not null,
  party_id uuid not null,
  -- A scheme of the list EAS with the address in it; for Peppol the identifier of the participant.
  endpoint_scheme text check (endpoint_scheme ~ '^[0-9A-Z]{2,4}$'),
  endpoint text check (endpoint <> ''),
  buyer_reference text check (buyer_reference <> ''),
  primary key (tenant_id, party_id),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  check ((endpoint_scheme is null) = (endpoint is null))
);
create index party_einvoice_endpoint on finance.party_einvoice (tenant_id, endpoint, endpoint_scheme);
select platform.fence('finance.party_einvoice');

create table finance.e_invoice (
  tenant_id uuid not null,
  id uuid not null,
  direction text not null check (direction in ('out', 'in')),
  state text not null check (state in ('issued', 'received', 'entered', 'declined')),
  syntax text not null check (syntax in ('ubl', 'cii')),
  -- The specification the document names (BT-24).
  specification text,
  kind text not null check (kind in ('invoice', 'creditNote')),
  number text not null,
  -- As the document says; what cannot be read as a day or an amount is left out here and judged below.
  day date,
  due_day date,
  currency text check (currency ~ '^[A-Z]{3}$'),
  total bigint,
  -- The other side: the buyer of what we issue, the seller of what we receive.
  party_name text not null,
  party_id uuid,
  invoice_id uuid,
  bill_id uuid,
  file_id uuid not null,
  file_hash text not null check (file_hash ~ '^[0-9a-f]{64}$'),
  is_valid boolean not null,
  -- Which books of rules it was judged by, how many rules they hold, and each rule it breaks: name, words, places.
  books text[] not null,
  rules integer not null,
  findings jsonb not null,
  -- Why a document that breaks a fatal rule became a bill, or why it did not become one.
  reason text check (reason <> ''),
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, invoice_id) references finance.invoice (tenant_id, id),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id),
  check ((direction = 'out') = (state = 'issued')),
  check ((direction = 'out') = (invoice_id is not null)),
  check ((state = 'entered') = (bill_id is not null)),
  -- Nothing invalid leaves, and nothing invalid becomes a bill without a reason.
  constraint e_invoice_issued_is_valid check (direction = 'in' or is_valid),
  constraint e_invoice_entered_is_reasoned check (state <> 'entered' or is_valid or reason is not null),
  constraint e_invoice_declined_is_reasoned check (state <> 'declined' or reason is not null)
);
create index e_invoice_at on finance.e_invoice (tenant_id, at, id);
create index e_invoice_invoice on finance.e_invoice (tenant_id, invoice_id) where invoice_id is not null;
create index e_invoice_bill on finance.e_invoice (tenant_id, bill_id) where bill_id is not null;
create unique index e_invoice_file_once on finance.e_invoice (tenant_id, file_hash) where direction = 'in' and state <> 'declined';
select platform.fence('finance.e_invoice');
