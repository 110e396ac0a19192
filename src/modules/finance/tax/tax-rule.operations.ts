// Tax rules: in place of one code another holds, for a party, a place, a span of days. Exports, sales within the EU, exemptions.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, DecimalText, Id, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { loadTax, taxRefusals } from "./tax.ts";
import { ruleFor, taxOn } from "./tax-code.rules.ts";

const may = ["finance.accountant", "finance.manager"];
const sides = ["output", "input", "both"] as const;
const places = ["anywhere", "home", "otherEu", "outsideEu"] as const;

export const taxRuleRegister = register({
  name: "finance.taxRule",
  title: "Tax rules",
  does: "Which tax code takes the place of another for which customers and suppliers, where and until when.",
  may,
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["holds", "future", "ended"]),
    position: z.number().int(),
    side: z.enum(sides),
    fromCodeId: ref("finance.taxCode").nullable(),
    fromCode: z.string().nullable(),
    toCodeId: ref("finance.taxCode"),
    toCode: z.string(),
    place: z.enum(places),
    countries: z.string().nullable(),
    businessOnly: z.boolean(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    fromDay: Day,
    untilDay: Day.nullable(),
    books: z.string(),
  }),
  label: "name",
  search: ["name", "party"],
  sort: "position",
  dated: true,
  from: (context, asOf) => sql`
    select u.id, u.name, case when u.from_day > ${asOf}::date then 'future' when u.until_day < ${asOf}::date then 'ended' else 'holds' end
      as state, u.position, u.side, u.from_code_id, f.code as from_code, u.to_code_id, t.code as to_code, u.place,
      array_to_string(u.countries, ' ') as countries, u.business_only, u.party_id, y.name as party, u.from_day, u.until_day,
      b.name as books
    from finance.tax_rule u
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = u.book_id
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = u.to_code_id
    left join finance.tax_code f on f.tenant_id = ${context.tenantId} and f.id = u.from_code_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = u.party_id
    where u.tenant_id = ${context.tenantId}`,
});

const Country = z.string().regex(/^[A-Z]{2}$/, "is a country of two letters, e.g. FR");

export const createTaxRule = operation({
  name: "finance.taxRule.create",
  title: "Add a tax rule",
  does: "Puts one tax code in place of another for some customers or suppliers; documents drafted from then on follow it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    name: Text(100),
    side: z.enum(sides).describe("For what is sold (output), bought (input), or both."),
    fromCodeId: ref("finance.taxCode").optional().describe("The code it replaces; by default any."),
    toCodeId: ref("finance.taxCode"),
    place: z.enum(places).default("anywhere").describe("Where the other party is, seen from the legal entity."),
    countries: z.array(Country).min(1).max(60).optional().describe("Only for parties of these countries."),
    businessOnly: z.boolean().default(false).describe("Only for parties that have a tax number."),
    partyId: ref("directory.party").optional().describe("Only for this customer or supplier."),
    from: Day,
    until: Day.optional(),
    position: z.number().int().min(1).max(1000).default(100).describe("Of several rules that fit, the smallest holds."),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    codeUnknown: "A rule leads from one tax code of these books to another. See: heartwood finance tax-code list",
    partyUnknown: postingRefusals.partyUnknown,
    untilBeforeFrom: "A rule ends on its first day or later.",
  },
  async run(input, context) {
    const { tenantId } = context;
    const book = await bookOf(context, input.bookId);
    const codes = [input.toCodeId, ...(input.fromCodeId ? [input.fromCodeId] : [])];
    const known = await context.db.rows<{ id: KernelId }>(sql`
      select id from finance.tax_code where tenant_id = ${tenantId} and book_id = ${book.id} and id = any(${codes}::uuid[])`);
    if (known.length < codes.length) refuse("codeUnknown", {}, ["toCodeId"]);
    if (input.until && input.until < input.from) refuse("untilBeforeFrom", {}, ["until"]);
    if (input.partyId) {
      const party = await context.db.maybe(sql`select id from directory.party where tenant_id = ${tenantId} and id = ${input.partyId}`);
      if (!party) refuse("partyUnknown", {}, ["partyId"]);
    }
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.tax_rule (tenant_id, id, book_id, name, position, side, from_code_id, to_code_id, party_id, place, countries,
        business_only, from_day, until_day)
      values (${tenantId}, ${id}, ${book.id}, ${input.name}, ${input.position}, ${input.side}, ${input.fromCodeId ?? null},
        ${input.toCodeId}, ${input.partyId ?? null}, ${input.place}, ${input.countries ?? null}::text[], ${input.businessOnly},
        ${input.from}, ${input.until ?? null})`);
    return { id };
  },
});

export const endTaxRule = operation({
  name: "finance.taxRule.end",
  title: "End a tax rule",
  does: "Lets a rule hold until a day; documents after it keep the codes that are asked for.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ taxRuleId: ref("finance.taxRule"), until: Day }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such tax rule.", untilBeforeFrom: "A rule ends on its first day or later." },
  when: (record) => record["state"] !== "ended",
  async run(input, context) {
    const rule = await context.db.maybe<{ id: KernelId; fromDay: string }>(sql`
      select id, from_day from finance.tax_rule where tenant_id = ${context.tenantId} and id = ${input.taxRuleId} for update`);
    if (!rule) refuse("notFound");
    if (input.until < rule.fromDay) refuse("untilBeforeFrom", {}, ["until"]);
    await context.db.run(sql`
      update finance.tax_rule set until_day = ${input.until} where tenant_id = ${context.tenantId} and id = ${rule.id}`);
    return { id: rule.id };
  },
});

export const tryTaxRules = operation({
  name: "finance.taxRule.try",
  title: "Which tax holds",
  does: "Says which tax code a document for this customer or supplier gets on a day, and which rule decides it.",
  kind: "read",
  may,
  input: z.strictObject({
    partyId: ref("directory.party"),
    side: z.enum(["output", "input"]).default("output"),
    taxCode: z.string().max(20).default("standard"),
    day: Day.optional().describe("By default today."),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({
    asked: z.string(),
    code: z.string(),
    percent: DecimalText,
    ruleId: ref("finance.taxRule").nullable(),
    rule: z.string().nullable(),
    why: z.string(),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, partyUnknown: postingRefusals.partyUnknown, ...taxRefusals },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const day = input.day ?? context.today;
    const ground = await loadTax(context, book.id, [input.partyId]);
    const [party] = ground.parties;
    if (!party) refuse("partyUnknown", {}, ["partyId"]);
    const asked = ground.codes.find((code) => code.code === input.taxCode);
    const rule = asked && ruleFor(ground, asked.id, { side: input.side, day, party });
    const taken = asked && taxOn(ground, rule?.toCodeId ?? asked.id, day);
    if (!taken) refuse("taxCodeUnknown", { code: input.taxCode, day }, ["taxCode"]);
    const country = party.country ?? "not told, so taken as at home";
    return {
      asked: input.taxCode,
      code: taken.code,
      percent: taken.percent,
      ruleId: rule?.id ?? null,
      rule: rule?.name ?? null,
      why: rule
        ? `The rule ${rule.name} puts ${taken.code} in place of ${input.taxCode}. Country of the party: ${country}.`
        : `No rule fits, so ${input.taxCode} holds. Country of the party: ${country}.`,
    };
  },
});
