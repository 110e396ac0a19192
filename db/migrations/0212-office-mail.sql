-- Mail that came in. Every one is kept with what became of it: none is lost, and none is taken twice.
create table office.mail (
  tenant_id uuid not null,
  id uuid not null,
  message_id text not null check (message_id <> ''),
  from_address text not null,
  from_name text,
  subject text not null,
  text text not null,
  file_id uuid not null,
  state text not null check (state in ('filed', 'threaded', 'review', 'ignored', 'discarded')),
  why text not null,
  request_id uuid,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint mail_once unique (tenant_id, message_id),
  foreign key (tenant_id, request_id) references office.request (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
create index mail_review on office.mail (tenant_id, at) where state = 'review';
create index mail_sender on office.mail (tenant_id, from_address, at);
select platform.fence('office.mail');
