-- How books that are there already get the account for a new job: below the one beside which it stands, where its code and its job are
-- free. Why: a release that posts to a new job must find an account for it in every set of books; the identifier follows from books and
-- code, so that two servers make the same one. The fence steps aside for it, as for every statement over all companies.
create function finance.give_role_account(p_role text, p_code text, p_beside text, p_name text) returns void language plpgsql as $$
begin
  alter table finance.account no force row level security;
  alter table finance.account_role no force row level security;
  with fresh as (
    insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
    select a.tenant_id, md5(a.book_id::text || p_code)::uuid, a.book_id, p_code, p_name, a.type, a.parent_id, false
    from finance.account_role r
    join finance.account a on a.tenant_id = r.tenant_id and a.id = r.account_id
    where r.role = p_beside
      and not exists (select from finance.account x where x.tenant_id = a.tenant_id and x.book_id = a.book_id and x.code = p_code)
      and not exists (select from finance.account_role y where y.tenant_id = a.tenant_id and y.book_id = a.book_id and y.role = p_role)
    returning tenant_id, id, book_id
  )
  insert into finance.account_role (tenant_id, book_id, role, account_id)
  select f.tenant_id, f.book_id, p_role, f.id from fresh f;
  alter table finance.account force row level security;
  alter table finance.account_role force row level security;
end $$;
revoke execute on function finance.give_role_account from public;
