// The register of things: adding one, correcting what is known of it, finding it by what is written on it, and its models and tags.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { keepers, Kind, lookedAfterBy } from "./asset.register.ts";
import { changeColumns, drawTag, takeThing } from "./asset.store.ts";

export const createModel = operation({
  name: "assets.model.create",
  title: "Add a model",
  does: "Adds a make and model, so that things of it share their name and their expected life.",
  kind: "write",
  may: [...lookedAfterBy],
  input: z.strictObject({
    kind: Kind,
    maker: Text(80),
    name: Text(120),
    lifeMonths: z.number().int().min(1).max(600).optional().describe("Months one is expected to serve."),
  }),
  output: z.object({ id: Id }),
  refuses: { modelKnown: "{maker} {name} is known already. Use that model." },
  emits: ["assets.model.created"],
  example: { kind: "laptop", maker: "Lenovo", name: "ThinkPad T14", lifeMonths: 48 },
  async run(input, context) {
    const id = context.newId();
    const made = await context.db.run(sql`
      insert into assets.model (tenant_id, id, kind, maker, name, life_months)
      values (${context.tenantId}, ${id}, ${input.kind}, ${input.maker}, ${input.name}, ${input.lifeMonths ?? null})
      on conflict on constraint model_once do nothing`);
    if (made === 0) refuse("modelKnown", { maker: input.maker, name: input.name }, ["name"]);
    context.emit("assets.model.created", { modelId: id });
    return { id };
  },
});

export const setTagSeries = operation({
  name: "assets.tagSeries.set",
  title: "Choose the letters of tags",
  does: "Says with which letters new tags begin, such as HW in HW-00042. Tags already given stay.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ prefix: z.string().regex(/^[A-Z0-9]{1,8}$/, "must be up to eight capital letters or digits") }),
  output: z.object({ prefix: z.string() }),
  emits: ["assets.tagSeries.set"],
  example: { prefix: "HW" },
  async run({ prefix }, context) {
    await context.db.run(sql`
      insert into assets.tag_series (tenant_id, prefix, last_number) values (${context.tenantId}, ${prefix}, 0)
      on conflict (tenant_id) do update set prefix = excluded.prefix`);
    context.emit("assets.tagSeries.set", { prefix });
    return { prefix };
  },
});

const details = {
  serial: Text(80).optional(),
  placeId: ref("directory.place").optional().describe("Where it stands or is kept."),
  parentId: ref("assets.asset").optional().describe("The larger thing it is part of."),
  boughtOn: Day.optional(),
  cost: Money.optional(),
  warrantyUntil: Day.optional(),
};

const detailRefusals = {
  tagTaken: "That tag is on another thing already. Leave it out to get the next free one.",
  serialTaken: "That serial number belongs to another thing of this kind. Find it by the number and look whether it is the same one.",
  placeUnknown: "There is no such place.",
  parentUnknown: "There is no such thing for it to be part of.",
  insideItself: "A thing cannot be part of itself or of one of its own parts. Choose another.",
};

export const createAsset = operation({
  name: "assets.asset.create",
  title: "Add a thing",
  does: "Puts a thing into the register under its own tag, arrived or still on order.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    kind: Kind.optional().describe("Not needed when the model is named."),
    modelId: ref("assets.model").optional(),
    name: Text(200).optional().describe("What it is called; by default its make and model."),
    tag: Text(40).optional().describe("What is written on it already; by default the next number of the series."),
    onOrder: z.boolean().optional().describe("It is ordered and has not arrived."),
    ...details,
  }),
  output: z.object({ id: Id, tag: z.string() }),
  refuses: {
    modelUnknown: "There is no such model.",
    kindMissing: "Say which kind of thing it is and what it is called, or name its model.",
    kindDiffers: "The model is a {kind}. Leave the kind out, or choose another model.",
    ...detailRefusals,
  },
  emits: ["assets.asset.created"],
  example: {
    kind: "laptop",
    name: "ThinkPad T14",
    serial: "PF3ABCDE",
    boughtOn: "2026-03-02",
    cost: { amount: "1249.00", currency: "EUR" },
  },
  constraints: { asset_tag_once: "tagTaken", asset_serial_once: "serialTaken" },
  async run(input, context) {
    const { kind, name } = await named(context, input);
    if (input.tag) await checkTag(context, input.tag);
    const id = context.newId();
    await checkDetails(context, { ...input, kind }, id);
    const tag = input.tag ?? (await drawTag(context));
    await context.db.run(sql`
      insert into assets.asset (tenant_id, id, kind, model_id, name, tag, serial, standing, standing_since, place_id, parent_id, bought_on,
        cost_minor, cost_currency, warranty_until)
      values (${context.tenantId}, ${id}, ${kind}, ${input.modelId ?? null}, ${name}, ${tag}, ${input.serial ?? null},
        ${input.onOrder ? "ordered" : "onHand"}, ${context.today}::date, ${input.placeId ?? null}, ${input.parentId ?? null},
        ${input.boughtOn ?? null}::date, ${input.cost?.minor ?? null}, ${input.cost?.currency ?? null},
          ${input.warrantyUntil ?? null}::date)`);
    context.emit("assets.asset.created", { assetId: id, kind, tag, onOrder: input.onOrder ?? false });
    return { id, tag };
  },
});

async function named(context: ReadContext, input: { kind?: string; name?: string; modelId?: KernelId }) {
  const model = input.modelId
    ? ((await context.db.maybe<{ kind: string; name: string }>(sql`
        select kind, trim(maker || ' ' || name) as name from assets.model where tenant_id = ${context.tenantId}
          and id = ${input.modelId}`)) ?? refuse("modelUnknown", {}, ["modelId"]))
    : undefined;
  if (model && input.kind && model.kind !== input.kind) refuse("kindDiffers", { kind: model.kind }, ["kind"]);
  const kind = model?.kind ?? input.kind ?? refuse("kindMissing", {}, ["kind"]);
  const name = input.name ?? model?.name ?? refuse("kindMissing", {}, ["name"]);
  return { kind, name };
}

async function checkTag(context: WriteContext, tag: string): Promise<void> {
  if (await context.db.maybe(sql`select id from assets.asset where tenant_id = ${context.tenantId} and tag = ${tag}`)) {
    refuse("tagTaken", { tag }, ["tag"]);
  }
}

interface Details {
  readonly kind: string;
  readonly serial?: string;
  readonly placeId?: KernelId;
  readonly parentId?: KernelId;
}

async function checkDetails(context: WriteContext, wanted: Details, id: KernelId): Promise<void> {
  const { tenantId, db } = context;
  if (wanted.serial) {
    const other = await db.maybe<{ tag: string }>(sql`
      select tag from assets.asset
      where tenant_id = ${tenantId} and kind = ${wanted.kind} and upper(serial) = upper(${wanted.serial}) and id <> ${id}`);
    if (other) refuse("serialTaken", { serial: wanted.serial, tag: other.tag }, ["serial"]);
  }
  if (wanted.placeId && !(await db.maybe(sql`select id from directory.place where tenant_id = ${tenantId} and id = ${wanted.placeId}`))) {
    refuse("placeUnknown", {}, ["placeId"]);
  }
  if (!wanted.parentId) return;
  const line = await db.rows<{ id: KernelId }>(sql`
    with recursive line (id, depth) as (
      select id, 0 from assets.asset where tenant_id = ${tenantId} and id = ${wanted.parentId}
      union all
      select a.parent_id, l.depth + 1 from line l join assets.asset a on a.tenant_id = ${tenantId} and a.id = l.id
      where a.parent_id is not null and l.depth < 50)
    select id from line`);
  if (line.length === 0) refuse("parentUnknown", {}, ["parentId"]);
  if (line.some((above) => above.id === id)) refuse("insideItself", {}, ["parentId"]);
}

export const updateAsset = operation({
  name: "assets.asset.update",
  title: "Change a thing's details",
  does: "Corrects what is known of a thing or says where it stands now. Fields left out stay as they are.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), name: Text(200).optional(), ...details }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such thing.",
    serialTaken: detailRefusals.serialTaken,
    placeUnknown: detailRefusals.placeUnknown,
    parentUnknown: detailRefusals.parentUnknown,
    insideItself: detailRefusals.insideItself,
  },
  emits: ["assets.asset.updated"],
  constraints: { asset_serial_once: "serialTaken" },
  async run({ assetId, cost, ...changes }, context) {
    const thing = await takeThing(context, assetId);
    await checkDetails(context, { ...changes, kind: thing.kind }, assetId);
    await changeColumns(context, assetId, { ...changes, costMinor: cost?.minor, costCurrency: cost?.currency });
    context.emit("assets.asset.updated", { assetId, kind: thing.kind, fields: Object.keys(changes) });
    return { id: assetId };
  },
});

const path = /([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\/?$/;

export const findAsset = operation({
  name: "assets.asset.find",
  title: "Find a thing by its label",
  does: "Says which thing carries a tag, a serial number or the scanned label, so that anyone can report what is wrong with it.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ code: Text(300).describe("The tag, the serial number, or what the label's square says when scanned.") }),
  output: z.object({ assetId: Id, tag: z.string(), name: z.string(), kind: Kind, state: z.string(), place: z.string().nullable() }),
  refuses: {
    codeUnknown: "No thing carries {code}. Look again at the label, or ask whoever keeps the register.",
    codeAmbiguous: "More than one thing carries {code}: {tags}. Ask for one of them by its tag.",
  },
  example: { code: "HW-00042" },
  async run({ code }, context) {
    const id = path.exec(code)?.[1] ?? null;
    const found = await context.db.rows<{
      assetId: KernelId;
      tag: string;
      name: string;
      kind: z.output<typeof Kind>;
      state: string;
      place: string | null;
      rank: number;
    }>(sql`
      select t.id as asset_id, t.tag, t.name, t.kind, t.state, p.name as place,
        case when t.id = ${id}::uuid then 0 when upper(t.tag) = upper(${code}) then 1 else 2 end as rank
      from assets.thing t left join directory.place p on p.tenant_id = t.tenant_id and p.id = t.place_id
      where t.tenant_id = ${context.tenantId}
        and (t.id = ${id}::uuid or upper(t.tag) = upper(${code}) or upper(t.serial) = upper(${code}))
      order by rank, t.tag`);
    const best = found.filter((row) => row.rank === found[0]!.rank);
    if (best.length > 1) refuse("codeAmbiguous", { code, tags: best.map((row) => row.tag).join(", ") }, ["code"]);
    if (!best[0]) refuse("codeUnknown", { code }, ["code"]);
    const { rank: _, ...thing } = best[0];
    return thing;
  },
});
