-- Fixed assets: what a thing of the company cost, how it loses value in each asset book, and every line of that, planned and posted.
-- Why lines as rows: a month's depreciation of ten thousand assets is one query and one update, and the plan is seen before it is posted.

-- The kinds of fixed asset, each with its accounts.
create table finance.asset_class (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z.-]{1,20}$'),
  name text not null check (name <> ''),
  asset_account_id uuid not null,
  accumulated_account_id uuid not null,
  expense_account_id uuid not null,
  impairment_account_id uuid not null,
  gain_account_id uuid not null,
  loss_account_id uuid not null,
  primary key (tenant_id, id),
  constraint asset_class_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, asset_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, accumulated_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, expense_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, impairment_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, gain_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, loss_account_id) references finance.account (tenant_id, id)
);
select platform.fence('finance.asset_class');

-- The same asset may lose value otherwise for the tax office than in the statements. Only one asset book of a set of books posts.
create table finance.asset_book (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z.-]{1,20}$'),
  name text not null check (name <> ''),
  posts boolean not null,
  primary key (tenant_id, id),
  constraint asset_book_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
create unique index asset_book_posts on finance.asset_book (tenant_id, book_id) where posts;
select platform.fence('finance.asset_book');

-- How the assets of a class lose value in an asset book unless something else is said of one.
create table finance.asset_class_plan (
  tenant_id uuid not null,
  class_id uuid not null,
  asset_book_id uuid not null,
  method text not null check (method in ('straightLine', 'decliningBalance', 'sumOfYears', 'units', 'manual')),
  convention text not null check (convention in ('fullMonth', 'daily', 'halfYear', 'midQuarter', 'midMonth')),
  rhythm text not null check (rhythm in ('month', 'year')),
  life_months integer not null check (life_months between 1 and 1200),
  factor numeric(6, 4) not null check (factor >= 1),
  percent_decimals integer check (percent_decimals between 2 and 4),
  residual_percent numeric(7, 4) not null check (residual_percent between 0 and 100),
  primary key (tenant_id, class_id, asset_book_id),
  foreign key (tenant_id, class_id) references finance.asset_class (tenant_id, id),
  foreign key (tenant_id, asset_book_id) references finance.asset_book (tenant_id, id)
);
select platform.fence('finance.asset_class_plan');

create table finance.fixed_asset (
  tenant_id uuid not null,
  -- Where there is a thing in the asset register, its identifier is this one: one identity, two departments looking at it.
  id uuid not null,
  asset_id uuid,
  book_id uuid not null,
  class_id uuid not null,
  number text not null,
  -- Only of what is no thing in the register, such as software or rights: a thing has its name there.
  name text check (name <> ''),
  acquired_on date not null,
  cost bigint not null check (cost > 0),
  bill_line_id uuid,
  opening boolean not null,
  entry_id uuid,
  -- The manual or metered plans: how many units it will give, of what.
  unit_name text,
  expected_units numeric(18, 6) check (expected_units > 0),
  disposed_on date,
  disposal text check (disposal in ('sale', 'scrap')),
  proceeds bigint,
  result bigint,
  disposal_entry_id uuid,
  disposal_note text,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint fixed_asset_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, class_id) references finance.asset_class (tenant_id, id),
  check (asset_id is null or asset_id = id),
  check ((asset_id is null) = (name is not null)),
  check ((disposed_on is null) = (disposal is null) and (disposed_on is null) = (result is null))
);
-- A line of a bill becomes an asset once, however the cost is split over several.
create index fixed_asset_bill_line on finance.fixed_asset (tenant_id, bill_line_id) where bill_line_id is not null;
create index fixed_asset_class on finance.fixed_asset (tenant_id, class_id);
select platform.fence('finance.fixed_asset');

-- The cost centre that bears an asset from a day on.
create table finance.fixed_asset_unit (
  tenant_id uuid not null,
  fixed_asset_id uuid not null,
  from_day date not null,
  unit_id uuid,
  reason text,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, fixed_asset_id, from_day),
  foreign key (tenant_id, fixed_asset_id) references finance.fixed_asset (tenant_id, id),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id)
);
select platform.fence('finance.fixed_asset_unit');

-- How one asset loses value in one asset book, as it stands now; what it was before is in its revisions.
create table finance.asset_plan (
  tenant_id uuid not null,
  id uuid not null,
  fixed_asset_id uuid not null,
  asset_book_id uuid not null,
  method text not null check (method in ('straightLine', 'decliningBalance', 'sumOfYears', 'units', 'manual')),
  convention text not null check (convention in ('fullMonth', 'daily', 'halfYear', 'midQuarter', 'midMonth')),
  rhythm text not null check (rhythm in ('month', 'year')),
  life_months integer not null check (life_months between 1 and 1200),
  start_day date not null,
  factor numeric(6, 4) not null check (factor >= 1),
  percent_decimals integer check (percent_decimals between 2 and 4),
  -- Cost of this asset book: a revision of the value changes it.
  cost bigint not null check (cost > 0),
  residual bigint not null check (residual >= 0),
  -- Depreciated before it was brought into these books.
  opening_accumulated bigint not null check (opening_accumulated >= 0),
  opening_until date,
  -- Written off in one stroke; not part of what the plan spreads.
  impaired bigint not null default 0 check (impaired >= 0),
  primary key (tenant_id, id),
  constraint asset_plan_once unique (tenant_id, fixed_asset_id, asset_book_id),
  foreign key (tenant_id, fixed_asset_id) references finance.fixed_asset (tenant_id, id),
  foreign key (tenant_id, asset_book_id) references finance.asset_book (tenant_id, id),
  check (opening_accumulated + residual <= cost)
);
create index asset_plan_book on finance.asset_plan (tenant_id, asset_book_id);
select platform.fence('finance.asset_plan');

-- What was changed in a plan, when and why: value, residual value, life, start.
create table finance.asset_revision (
  tenant_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  day date not null,
  reason text not null,
  cost_before bigint not null,
  cost_after bigint not null,
  residual_before bigint not null,
  residual_after bigint not null,
  life_before integer not null,
  life_after integer not null,
  entry_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, plan_id) references finance.asset_plan (tenant_id, id)
);
create index asset_revision_plan on finance.asset_revision (tenant_id, plan_id, day);
select platform.fence('finance.asset_revision', kept => true);

create table finance.depreciation_run (
  tenant_id uuid not null,
  id uuid not null,
  asset_book_id uuid not null,
  until_day date not null,
  lines integer not null,
  total bigint not null,
  reversed_on date,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_book_id) references finance.asset_book (tenant_id, id)
);
select platform.fence('finance.depreciation_run');

-- One line of a schedule. Planned until a run, a disposal or an impairment books it.
create table finance.depreciation_line (
  tenant_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  asset_book_id uuid not null,
  from_day date not null,
  until_day date not null,
  amount bigint not null check (amount > 0),
  kind text not null check (kind in ('depreciation', 'impairment')),
  state text not null check (state in ('planned', 'posted')),
  -- Units the meter gave, where the plan goes by them.
  units numeric(18, 6),
  run_id uuid,
  -- Null for asset books that do not post.
  entry_id uuid,
  primary key (tenant_id, id),
  -- The asset book is that of the plan, kept here so that a run finds what is due; a second key would only cost time.
  foreign key (tenant_id, plan_id) references finance.asset_plan (tenant_id, id),
  check (from_day <= until_day)
);
-- Few indexes: a run rewrites each of its lines, and pays for every one of them.
create index depreciation_line_plan on finance.depreciation_line (tenant_id, plan_id, until_day);
create index depreciation_line_due on finance.depreciation_line (tenant_id, asset_book_id, until_day) where state = 'planned';
select platform.fence('finance.depreciation_line');
