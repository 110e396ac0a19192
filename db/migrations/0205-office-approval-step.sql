-- Approvals in several steps: what a policy asks for, who sits at each step, and every vote with who gave it and for whom.
-- Why constraints: nobody votes twice on one wish, and nobody on their own, whatever the code above says.
create table office.approval_policy (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  -- What waits: a write operation of the house, by name.
  operation text not null,
  -- Of the policies for one operation the first that fits counts.
  rank integer not null check (rank > 0),
  -- All of them have to hold; and what is asked then, step by step.
  conditions jsonb not null,
  steps jsonb not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  -- The one it takes the place of.
  replaces_id uuid,
  made_by uuid,
  made_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, replaces_id) references office.approval_policy (tenant_id, id)
);
create index approval_policy_operation on office.approval_policy (tenant_id, operation);
select platform.fence('office.approval_policy');

alter table office.approval drop constraint approval_state_check;
alter table office.approval add constraint approval_state_check
  check (state in ('open', 'approved', 'declined', 'void', 'withdrawn', 'failed'));
alter table office.approval
  add column policy_id uuid,
  -- It waits at the gate: approved, it runs as this user, with what they may do at that moment.
  add column requested_user uuid,
  -- What was done to the record by transactions from here on was not seen by who wished.
  add column since_xact bigint,
  add column is_confidential boolean not null default false,
  -- What became of it when it ran, or why it did not.
  add column result jsonb,
  add column failure text,
  add foreign key (tenant_id, policy_id) references office.approval_policy (tenant_id, id);
alter table office.approval drop constraint approval_four_eyes;
alter table office.approval add constraint approval_four_eyes
  check (state not in ('approved', 'failed') or (decided_by is distinct from requested_by and decided_by is distinct from acted_by));
create index approval_requested on office.approval (tenant_id, requested_by) where state = 'open';

create table office.approval_step (
  tenant_id uuid not null,
  approval_id uuid not null,
  number integer not null check (number > 0),
  title text not null,
  -- Whom it asks, as the policy says it, and how many have to agree: all of them, or so many.
  approvers jsonb not null,
  quorum integer check (quorum > 0),
  remind_days integer not null check (remind_days > 0),
  escalate_days integer check (escalate_days > 0),
  state text not null check (state in ('waiting', 'open', 'approved', 'declined', 'closed')),
  opened_on date,
  reminded_on date,
  escalated_on date,
  primary key (tenant_id, approval_id, number),
  foreign key (tenant_id, approval_id) references office.approval (tenant_id, id),
  check ((state = 'waiting') = (opened_on is null) or state = 'closed')
);
create index approval_step_open on office.approval_step (tenant_id, opened_on) where state = 'open';
select platform.fence('office.approval_step');

-- A seat at an open step: whom an expression of the policy has led to, and how.
create table office.approval_seat (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  number integer not null,
  approver jsonb not null,
  activity text not null,
  person_id uuid not null,
  via text not null,
  -- Who may decide beside them since it took too long.
  escalated_id uuid,
  -- It was handed on by hand and no longer follows the policy's words.
  is_fixed boolean not null default false,
  state text not null check (state in ('open', 'voted', 'closed')),
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id, number) references office.approval_step (tenant_id, approval_id, number),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, escalated_id) references directory.party (tenant_id, id)
);
create index approval_seat_approval on office.approval_seat (tenant_id, approval_id);
create index approval_seat_open on office.approval_seat (tenant_id, person_id) where state = 'open';
create index approval_seat_escalated on office.approval_seat (tenant_id, escalated_id) where state = 'open' and escalated_id is not null;
select platform.fence('office.approval_seat');

create table office.approval_vote (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  number integer not null,
  seat_id uuid not null,
  verdict text not null check (verdict in ('approve', 'decline')),
  -- Who decided, and for whom: themself, or whoever they stand in for by that delegation.
  actor_id uuid not null,
  principal_id uuid not null,
  delegation_id uuid,
  reason text,
  -- The fingerprint of what was decided on.
  hash text not null,
  at timestamptz not null,
  -- Whose wish it was; none of them votes, nor does anyone for them.
  wishers uuid[] not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id) references office.approval (tenant_id, id),
  foreign key (tenant_id, seat_id) references office.approval_seat (tenant_id, id),
  foreign key (tenant_id, actor_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, principal_id) references directory.party (tenant_id, id),
  constraint approval_vote_four_eyes check (not (wishers && array[actor_id, principal_id])),
  constraint approval_vote_actor unique (tenant_id, approval_id, actor_id),
  constraint approval_vote_principal unique (tenant_id, approval_id, principal_id),
  constraint approval_vote_seat unique (tenant_id, seat_id)
);
create index approval_vote_by on office.approval_vote (tenant_id, actor_id, at desc);
select platform.fence('office.approval_vote', kept => true);

create table office.approval_question (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  question text not null,
  asked_by uuid not null,
  asked_at timestamptz not null,
  answer text,
  answered_by uuid,
  answered_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id) references office.approval (tenant_id, id),
  check ((answer is null) = (answered_at is null))
);
create index approval_question_approval on office.approval_question (tenant_id, approval_id);
select platform.fence('office.approval_question');

-- What was asked before had one step with one seat.
alter table office.approval no force row level security;
alter table office.approval_step no force row level security;
alter table office.approval_seat no force row level security;
alter table office.approval_vote no force row level security;
insert into office.approval_step (tenant_id, approval_id, number, title, approvers, quorum, remind_days, state, opened_on)
  select a.tenant_id, a.id, 1, 'Decision', jsonb_build_array(jsonb_build_object('kind', 'line', 'activity', a.activity)), 1, 3,
    case when a.state in ('open', 'approved', 'declined') then a.state else 'closed' end, a.requested_on
  from office.approval a;
insert into office.approval_seat (tenant_id, id, approval_id, number, approver, activity, person_id, via, state)
  select a.tenant_id, a.id, a.id, 1, jsonb_strip_nulls(jsonb_build_object('kind', 'line', 'activity', a.activity, 'placeKind', a.scope_kind,
      'placeId', a.scope_id, 'firstId', a.first_id)), a.activity, a.approver_id, a.via,
    case a.state when 'open' then 'open' when 'approved' then 'voted' when 'declined' then 'voted' else 'closed' end
  from office.approval a;
insert into office.approval_vote
    (tenant_id, id, approval_id, number, seat_id, verdict, actor_id, principal_id, reason, hash, at, wishers)
  select a.tenant_id, a.id, a.id, 1, a.id, case a.state when 'approved' then 'approve' else 'decline' end, a.decided_by, a.decided_by,
    a.reason, a.hash, a.decided_at, array_remove(array[a.requested_by, a.acted_by], null)
  from office.approval a where a.state in ('approved', 'declined')
    and a.decided_by is distinct from a.requested_by and a.decided_by is distinct from a.acted_by;
alter table office.approval force row level security;
alter table office.approval_step force row level security;
alter table office.approval_seat force row level security;
alter table office.approval_vote force row level security;
alter table office.approval drop column first_id;
