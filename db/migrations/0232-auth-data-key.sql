-- Data keys: what the most personal columns are encrypted with. They stand here wrapped by a key that is made of the house's secret, which
-- is
-- not in the database. Why of the house and not of a company: a value is encrypted before it is known whose it is, on its way in.
create table auth.data_key (
  id integer primary key check (id > 0),
  wrapped text not null,
  -- Which secret it is wrapped by; tells nothing about it.
  secret_id text not null,
  -- From then on new values are encrypted with it; by then every server has read it.
  active_at timestamptz not null,
  -- When everything that is stored had been encrypted with it.
  resealed_at timestamptz
);

-- Columns whose values are never stored in clear; the house finds them by this word and encrypts anew what another key was used for.
comment on column payroll.enrolment.bank_account is 'sealed';
comment on column payroll.payslip.bank_account is 'sealed';

-- An approved slip stays what it is; but the owner of the database may put the same account down under another key. The application may
-- not.
create function payroll.is_sealed_anew(was payroll.payslip, is_now payroll.payslip) returns boolean language plpgsql as $$
begin
  return current_user not in ('heartwood_app', 'heartwood_auth') and is_now.bank_account like 'sealed:%'
    and to_jsonb(is_now) - 'bank_account' = to_jsonb(was) - 'bank_account';
end $$;
drop trigger keep_approved on payroll.payslip;
create trigger keep_approved before update on payroll.payslip
  for each row when (not payroll.is_sealed_anew(old, new)) execute function payroll.keep_approved();
create trigger keep_approved_delete before delete on payroll.payslip for each row execute function payroll.keep_approved();
