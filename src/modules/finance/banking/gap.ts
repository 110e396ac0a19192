// What is missing between two statements of an account.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

/**
 * By how much a statement `s` opens elsewhere than the one before it closed; null where it goes on from there. One that begins inside
 * another, as downloads overlap, goes on from that: they tell the same entries, and none is missing before them.
 */
export const gapBefore = ({ tenantId }: ReadContext): Sql => {
  const others = (o: Sql): Sql => sql`from finance.bank_statement ${o} where ${o}.tenant_id = ${tenantId}
    and ${o}.bank_account_id = s.bank_account_id and ${o}.closing is not null and not ${o}.is_advice`;
  const end = sql`(coalesce(s.closing_day, s.until_day), s.day_place, s.id)`;
  return sql`(
    select d.gap from (select s.opening - (select p.closing ${others(sql`p`)} and p.from_day <= s.from_day
        and (p.closing_day, p.day_place, p.id) < ${end} order by p.closing_day desc, p.day_place desc, p.id desc limit 1) as gap) d
    where d.gap <> 0 and not s.is_advice and not exists (
      select ${others(sql`w`)} and (w.from_day < s.from_day or w.from_day = s.from_day and (w.closing_day, w.day_place, w.id) < ${end})
        and (s.retold > 0 and w.closing_day >= s.from_day or w.retold > 0 and w.closing_day > s.from_day)))`;
};
