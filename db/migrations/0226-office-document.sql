-- Documents: versions that never change, who may see them, how long they are kept, who signed what exactly, and what is frozen.
-- Why a hash beside the file: after the content was destroyed by rule the certificate still proves which content it was.
create table office.document_class (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (code <> ''),
  title text not null check (title <> ''),
  -- How many months after what; without months it is kept for ever.
  keep_months integer check (keep_months between 0 and 1200),
  keep_from text not null check (keep_from in ('filed', 'effective', 'expiry', 'yearEnd', 'event')),
  -- The rule in words, with the law it follows.
  rule text not null check (rule <> ''),
  -- Renewal is asked so many days before the expiry, unless the document says otherwise.
  reminder_days integer not null check (reminder_days between 0 and 730),
  visibility text not null check (visibility in ('company', 'unit', 'roles', 'named', 'confidential')),
  state text not null check (state in ('in use', 'retired')),
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('office.document_class');

create table office.document (
  tenant_id uuid not null,
  id uuid not null,
  title text not null check (title <> ''),
  class_id uuid not null,
  visibility text not null check (visibility in ('company', 'unit', 'roles', 'named', 'confidential')),
  unit_id uuid,
  roles text[] not null,
  owner_id uuid not null,
  about_subject text,
  about_id uuid,
  effective_on date,
  expires_on date,
  reminder_days integer not null check (reminder_days between 0 and 730),
  reminded_on date,
  version integer not null check (version > 0),
  state text not null check (state in ('in force', 'withdrawn', 'disposed')),
  filed_on date not null,
  -- The day the event happened from which the class counts: an employment ended, a dispute was settled.
  event_on date,
  closed_on date,
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, class_id) references office.document_class (tenant_id, id),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id),
  check ((about_subject is null) = (about_id is null)),
  check ((visibility = 'unit') = (unit_id is not null)),
  check ((visibility = 'roles') = (cardinality(roles) > 0)),
  check (expires_on >= effective_on)
);
create index document_owner on office.document (tenant_id, owner_id);
create index document_about on office.document (tenant_id, about_id) where about_id is not null;
create index document_expiry on office.document (tenant_id, expires_on) where state = 'in force' and expires_on is not null;
create index document_kept on office.document (tenant_id, class_id) where state <> 'disposed';
select platform.fence('office.document');

create table office.document_version (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  number integer not null check (number > 0),
  file_id uuid not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  note text,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, document_id, number),
  foreign key (tenant_id, document_id) references office.document (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
create index document_version_file on office.document_version (tenant_id, file_id);
select platform.fence('office.document_version', kept => true);

-- People named to read it, and those who were asked to sign it.
create table office.document_reader (
  tenant_id uuid not null,
  document_id uuid not null,
  person_id uuid not null,
  why text not null check (why in ('named', 'signer')),
  primary key (tenant_id, document_id, person_id),
  foreign key (tenant_id, document_id) references office.document (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
create index document_reader_person on office.document_reader (tenant_id, person_id);
select platform.fence('office.document_reader');

create table office.signing (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  version_id uuid not null,
  hash text not null,
  says text,
  in_order boolean not null,
  due date not null,
  state text not null check (state in ('open', 'signed', 'declined', 'withdrawn')),
  asked_by uuid,
  asker text not null,
  asked_at timestamptz not null,
  closed_at timestamptz,
  certificate_file_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, document_id) references office.document (tenant_id, id),
  foreign key (tenant_id, version_id) references office.document_version (tenant_id, id),
  foreign key (tenant_id, certificate_file_id) references platform.file (tenant_id, id),
  check ((state = 'open') = (closed_at is null))
);
create unique index signing_open on office.signing (tenant_id, document_id) where state = 'open';
create index signing_document on office.signing (tenant_id, document_id);
create index signing_certificate on office.signing (tenant_id, certificate_file_id) where certificate_file_id is not null;
select platform.fence('office.signing');

create table office.signature (
  tenant_id uuid not null,
  id uuid not null,
  signing_id uuid not null,
  person_id uuid not null,
  place integer not null check (place > 0),
  state text not null check (state in ('waiting', 'asked', 'signed', 'declined', 'void')),
  -- As they signed: the name they wrote, the moment, the content and its seal.
  name text,
  hash text,
  seal text,
  at timestamptz,
  reason text,
  primary key (tenant_id, id),
  unique (tenant_id, signing_id, person_id),
  unique (tenant_id, signing_id, place),
  foreign key (tenant_id, signing_id) references office.signing (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state = 'signed') = (seal is not null)),
  check (state <> 'signed' or (name is not null and hash is not null and at is not null)),
  check (state <> 'declined' or reason is not null)
);
create index signature_person on office.signature (tenant_id, person_id) where state = 'asked';
select platform.fence('office.signature');

-- What is frozen because it is in dispute: one document, or all about one record, those that come later too.
create table office.document_hold (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid,
  about_id uuid,
  matter text not null check (matter <> ''),
  reason text not null check (reason <> ''),
  state text not null check (state in ('in force', 'released')),
  placed_by uuid,
  placer text not null,
  placed_at timestamptz not null,
  released_by uuid,
  released_at timestamptz,
  release_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, document_id) references office.document (tenant_id, id),
  check (num_nonnulls(document_id, about_id) = 1),
  check ((state = 'released') = (released_at is not null)),
  check ((state = 'released') = (release_reason is not null))
);
create index document_hold_document on office.document_hold (tenant_id, document_id) where state = 'in force';
create index document_hold_about on office.document_hold (tenant_id, about_id) where state = 'in force';
select platform.fence('office.document_hold');

-- Disposal: proposed by rule, approved by a person, done, and proved by a certificate that stays.
create table office.disposal (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  state text not null check (state in ('proposed', 'approved', 'kept', 'done')),
  due date not null,
  rule text not null,
  proposed_on date not null,
  proposed_by uuid,
  decided_by uuid,
  decider text,
  decided_at timestamptz,
  reason text,
  done_at timestamptz,
  -- What was destroyed: title, versions with their hashes, rule, who and when. No content.
  certificate jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, document_id) references office.document (tenant_id, id),
  check ((state = 'proposed') = (decided_at is null)),
  check ((state = 'done') = (done_at is not null)),
  check ((state = 'done') = (certificate is not null)),
  constraint disposal_four_eyes check (state not in ('approved', 'done') or decided_by is distinct from proposed_by)
);
create unique index disposal_open on office.disposal (tenant_id, document_id) where state in ('proposed', 'approved');
create index disposal_document on office.disposal (tenant_id, document_id);
select platform.fence('office.disposal');
