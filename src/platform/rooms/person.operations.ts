// What the house does with everything it holds about one person: lists it by class, gives it out, erases it. Nobody runs these by hand; a
// request of the person in governance does.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import type { ReadContext } from "../operation/context.ts";
import { Day, FileId, Id, ref } from "../operation/field.ts";
import type { Law } from "../operation/module.ts";
import { type May, operation } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { eraseDue } from "../privacy/deed.ts";
import { gatherAbout } from "../privacy/gather.ts";
import { keepingsOf, planErasure } from "../privacy/plan.ts";

const houseForRequest: May = { says: "the house, when a request of the person asks for it", self: () => false, onlyHouse: true };

const HeldClass = z.object({
  name: z.string(),
  title: z.string(),
  law: z.string(),
  months: z.number().int(),
  rows: z.number().int(),
  due: z.number().int().describe("Records that may go now."),
  running: z.number().int().describe("Records whose purpose goes on."),
  held: z.number().int().describe("Records in dispute."),
  until: Day.nullable().describe("The last day on which something of it must stay."),
  next: Day.nullable(),
  matters: z.array(z.string()),
  becomes: z.enum(["deleted", "anonymous"]),
});

const isPerson = (context: ReadContext, personId: RecordId): Promise<boolean> => context.mayRead("directory.person", personId);

export const holdingsOfPerson = (house: () => Registry) =>
  operation({
    name: "platform.person.holdings",
    title: "What is held about a person",
    does: "Lists class by class what is held about a person, what of it may go, and what must stay until when by which law.",
    kind: "read",
    may: [houseForRequest],
    input: z.strictObject({ personId: ref("directory.person") }),
    output: z.object({ classes: z.array(HeldClass) }),
    async run({ personId }, context) {
      if (!(await isPerson(context, personId))) refuse("notFound", {}, ["personId"]);
      const { classes } = await planErasure(context, house(), { personId, since: null });
      return { classes: classes.map((one) => ({ ...one, matters: [...one.matters] })) };
    },
  });

export const keepingOfPersons = (house: () => Registry) =>
  operation({
    name: "platform.person.keeping",
    title: "How long records about persons are kept",
    does: "Lists the classes of records about persons as the departments declare them and the company decided.",
    kind: "read",
    may: [houseForRequest],
    input: z.strictObject({}),
    output: z.object({
      classes: z.array(
        z.object({ class: z.string(), title: z.string(), months: z.number().int(), from: z.enum(["day", "yearEnd"]), law: z.string() }),
      ),
    }),
    async run(_input, context) {
      const keepings = await keepingsOf(context, house());
      return { classes: keepings.map(({ name, title, months, from, law }) => ({ class: name, title, months, from, law })) };
    },
  });

export const gatherPerson = (house: () => Registry) =>
  operation({
    name: "platform.person.gather",
    title: "Put together what is held about a person",
    does: "Makes one file of everything that is held about a person, in words for them and for another program.",
    kind: "write",
    may: [houseForRequest],
    input: z.strictObject({ personId: ref("directory.person") }),
    output: z.object({ fileId: FileId, records: z.number().int(), files: z.number().int() }),
    async run({ personId }, context) {
      if (!(await isPerson(context, personId))) refuse("notFound", {}, ["personId"]);
      const { zip, records, files } = await gatherAbout(context, house(), personId);
      return { fileId: await context.writeFile(`about-${context.today}.zip`, "application/zip", zip), records, files };
    },
  });

export const erasePerson = (house: () => Registry) =>
  operation({
    name: "platform.person.erase",
    title: "Erase what is due about a person",
    does: "Erases what no law asks to keep any longer about a person whose erasure two people agreed to; the answer is the proof.",
    kind: "write",
    may: [houseForRequest],
    input: z.strictObject({ erasureId: Id }),
    output: z.object({
      id: Id.nullable().describe("The deed; none when nothing is due."),
      rows: z.number().int(),
      files: z.number().int(),
      trailRows: z.number().int(),
      trailDigest: z.string().nullable(),
    }),
    async run({ erasureId }, context) {
      const erasure = await context.db.maybe<{ id: RecordId; personId: RecordId }>(sql`
        select id, person_id from platform.erasure
        where tenant_id = ${context.tenantId} and id = ${erasureId} and state = 'approved' for update`);
      if (!erasure) refuse("notFound", {}, ["erasureId"]);
      const deed = await eraseDue(context, house(), erasure);
      const { id, rows, files, trailRows, trailDigest } = deed ?? { id: null, rows: 0, files: 0, trailRows: 0, trailDigest: null };
      return { id, rows, files, trailRows, trailDigest };
    },
  });

export const erasureLaws: readonly Law[] = [
  {
    name: "platform.erasuresHaveTwoPeople",
    says: "Nothing is erased about a person unless one proposed it and another agreed, and every time it was done stands in the trail.",
    breaks: async (context) => {
      const lone = await context.db.rows<{ id: RecordId }>(sql`
        select d.id from platform.erasure_deed d join platform.erasure e on e.tenant_id = d.tenant_id and e.id = d.erasure_id
        where d.tenant_id = ${context.tenantId} and (d.done_at is null or e.decided_by is not distinct from e.proposed_by
          or not exists (select from platform.operation_log l where l.tenant_id = d.tenant_id and l.operation = 'platform.person.erase'
            and l.object_ids @> array[d.id] and l.output ->> 'trailDigest' = d.trail_digest))`);
      return lone.map(({ id }) => `Erasure deed ${id} is not in the trail, or nobody else agreed to it.`);
    },
  },
];
