-- Where an account, or all that is below a group, stands in the cash flow statement, when what its job and its type say is not so: a loan
-- is a liability like others, but it finances the company.
create table finance.cash_flow_place (
  tenant_id uuid not null,
  account_id uuid not null,
  activity text not null check (activity in ('operating', 'investing', 'financing')),
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id)
);
select platform.fence('finance.cash_flow_place');
