// The count after the storm: each acknowledged wish stands in the books exactly once, every other at most once, and all laws hold.
import type { ProvedServer } from "./server.ts";
import { until } from "./server.ts";
import type { Tally } from "./writers.ts";

export interface Counted {
  readonly lost: number;
  readonly doubled: number;
  readonly unbalanced: number;
  readonly breaks: readonly string[];
}

interface Law {
  readonly name: string;
  readonly breaks: readonly string[];
}

/** What was written under a key: the records that name it, and the rows of the trail. */
const writtenUnder = `
  select k as key, coalesce(e.n, 0) as records, coalesce(o.n, 0) as logged, i.output ->> 'id' as told
  from unnest($1::text[]) k
  left join (
    select text as key, count(*)::int as n from finance.journal_entry where text like 'proof-%' group by 1
    union all select description, count(*)::int from finance.invoice_line where description like 'proof-%' group by 1
    union all select title, count(*)::int from office.task where title like 'proof-%' group by 1) e on e.key = k
  left join (select key, count(*)::int as n from platform.operation_log where key like 'proof-%' group by 1) o on o.key = k
  left join platform.idempotency i on i.key = k`;

export async function count(server: ProvedServer, tally: Tally): Promise<Counted> {
  const breaks: string[] = [];
  let [lost, doubled] = [0, 0];
  const keys = [...tally.acknowledged.keys(), ...tally.abandoned];
  const rows = await server.ask<{ key: string; records: number; logged: number; told: string | null }>(writtenUnder, [keys]);
  for (const { key, records, logged, told } of rows) {
    const id = tally.acknowledged.get(key);
    if (id !== undefined && (records === 0 || logged === 0 || told !== id)) {
      lost += 1;
      breaks.push(`lost: ${key} was answered ${id}, but the books know ${told}, ${records} records, ${logged} rows of the trail`);
    }
    if (records > 1 || logged > 1 || records !== logged) {
      doubled += 1;
      breaks.push(`doubled or half: ${key} has ${records} records, ${logged} rows of the trail`);
    }
  }
  const unbalanced = await server.ask<{ entry_id: string }>(
    "select entry_id from finance.journal_line group by entry_id having sum(amount) <> 0 or count(*) < 2",
  );
  breaks.push(...unbalanced.map((row) => `unbalanced: ${row.entry_id}`), ...tally.bad);
  breaks.push(...(await unsettled(server)), ...(await brokenLaws(server)));
  return { lost, doubled, unbalanced: unbalanced.length, breaks };
}

/** Events that a crash left waiting are told by the next write of the company, or by the job that looks every minute. */
async function unsettled(server: ProvedServer): Promise<string[]> {
  await server.call("POST", "/api/v1/directory/organisations", { name: `After the storm ${Date.now()}` });
  const waiting = "select count(*)::int as n from platform.event where handled_at is null";
  try {
    await until("events are told", 90, async () => (await server.ask<{ n: number }>(waiting))[0]!.n === 0);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

export async function brokenLaws(server: ProvedServer): Promise<string[]> {
  const { laws } = await server.call<{ laws: Law[] }>("GET", "/api/v1/platform/laws/check");
  return laws.filter((law) => law.breaks.length > 0).map((law) => `law ${law.name}: ${law.breaks[0]}`);
}
