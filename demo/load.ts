// Loads the demo company: one believable company and a year of its life, told through the same operations that people use.
import { dayAt } from "../src/kernel/day.ts";
import { newId } from "../src/kernel/id.ts";
import type { Pool } from "../src/platform/database/pool.ts";
import { rowsOn, sql } from "../src/platform/database/sql.ts";
import type { Funnel } from "../src/platform/funnel/funnel.ts";
import type { SignIn } from "../src/platform/identity/sign-in.ts";
import { settleEvents } from "../src/platform/jobs/events.ts";
import { chapters } from "./chapters/index.ts";
import { company } from "./company.ts";
import type { Story } from "./story.ts";

export interface DemoParts {
  readonly funnel: Funnel;
  /** The database's owner, who alone may open a company. */
  readonly owner: Pool;
  readonly signIn: SignIn;
  readonly now: Date;
  readonly say: (line: string) => void;
}

export async function loadDemo(parts: DemoParts): Promise<Story> {
  const began = Date.now();
  const tenantId = newId();
  await rowsOn(parts.owner).run(sql`
    insert into platform.tenant_account (tenant_id, name, zone, is_demo, created_at)
    values (${tenantId}, ${company.name}, ${company.zone}, true, ${parts.now})`);
  const story: Story = { ...parts, tenantId, today: dayAt(parts.now, company.zone), known: new Map(), actors: new Map() };
  parts.say(`Loading the demo company ${company.name} …`);
  for (const chapter of chapters) {
    const start = Date.now();
    await chapter.tell(story);
    await settleEvents(parts.funnel, tenantId);
    parts.say(`  ${chapter.title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }
  // What was just filled has no statistics yet; the planner would guess for the first minute.
  await parts.owner.query("analyze");
  await rowsOn(parts.owner).run(sql`update platform.tenant_account set ready_at = ${new Date()} where tenant_id = ${tenantId}`);
  parts.say(`  … loaded in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return story;
}
