// The company whose year is told: its people, customers, suppliers and banks, and the statements its bank writes.
import { type Day, day } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { camt, type ToldStatement } from "../../src/modules/finance/banking/banking.testing.ts";
import { rowsOn } from "../../src/platform/database/sql.ts";
import { writeStoredFile } from "../../src/platform/files/store.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { registry } from "../../src/registry.ts";

export type Row = Record<string, unknown>;
const people = {
  olga: ["Olga Owner", "owner"],
  carla: ["Carla Chief", "finance.manager"],
  sven: ["Sven Second", "finance.manager"],
  arno: ["Arno Accountant", "finance.accountant"],
  lena: ["Lena Leader"],
  emma: ["Emma Employee"],
} as const satisfies Record<string, readonly [string, ...string[]]>;
const parties = {
  nordlicht: ["Nordlicht AG", "customer"],
  weber: ["Weber KG", "customer"],
  sauer: ["Sauer GmbH", "customer"],
  seaside: ["Seaside Inc", "customer"],
  papier: ["Papier & Stift GmbH", "supplier"],
  werkbank: ["Werkbank GmbH", "supplier"],
  versicherung: ["Hansa Versicherung AG", "supplier"],
  stadtwerke: ["Stadtwerke Hamburg", "supplier"],
  silicon: ["Silicon Ltd", "supplier"],
} as const;

type Person = keyof typeof people;
type Party = keyof typeof parties;

export interface YearCompany {
  readonly house: TestHouse;
  readonly actors: Readonly<Record<Person, Actor>>;
  readonly parties: Readonly<Record<Party, Id>>;
  readonly bankId: string;
  readonly dollarsId: string;
  readonly sellerId: string;
  readonly ownIban: string;
  /** Lets the story go on at nine in the morning of a day. */
  on(today: string): void;
  does(who: Person, name: string, input?: object): Promise<Row>;
  rows(register: string, filter?: object, sort?: string): Promise<Row[]>;
  /** What an approval asks for is decided by whoever it was asked of. */
  decide(approvalId: unknown, verdict: "approve" | "decline"): Promise<string>;
  account(code: string): string;
  /** Closing balances of a day by account code, debit positive; what is not there is zero. */
  balances(asOf: string, ...codes: string[]): Promise<string[]>;
  /** The bank's file, imported. */
  told(bankAccountId: string, statement: ToldStatement, currency?: string): Promise<Row>;
  file(who: Person, name: string, content: string): Promise<Id>;
  /** What the house does by itself in the night. */
  night(schedule: string): Promise<void>;
  breaks(): Promise<Row[]>;
}

export const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });
export const usd = (amount: string): { amount: string; currency: string } => ({ amount, currency: "USD" });

const first = "2026-01-01";
const ownIban = "DE89370400440532013000";

export async function openYear(): Promise<YearCompany> {
  const house = await openHouse({ today: "2026-01-02" });
  const actors = {} as Record<Person, Actor>;
  for (const [key, [name, ...roles]] of Object.entries(people)) actors[key as Person] = await house.person(name, ...roles);
  const does: YearCompany["does"] = async (who, name, input = {}) => {
    const output = await house.call(name, input, actors[who]);
    await house.settle();
    return output;
  };
  const entity = { code: "BAU", name: "Baumhaus GmbH", country: "DE", currency: "EUR", taxNumber: "DE811569869" };
  const { id: legalEntityId, partyId } = await does("olga", "directory.legalEntity.create", entity);
  await does("olga", "finance.setup.create", { legalEntityId, currency: "EUR", fiscalYearStart: first });
  const known = {} as Record<Party, Id>;
  for (const [key, [name, role]] of Object.entries(parties)) {
    known[key as Party] = (await does("olga", "directory.organisation.create", { name, roles: [role] }))["id"] as Id;
  }
  const rows: YearCompany["rows"] = async (register, filter = {}, sort = "id") =>
    (await house.call(`${register}.list`, { filter, sort, limit: 500 }, actors.olga))["rows"] as Row[];
  const bankId = String((await rows("finance.bankAccount"))[0]!["id"]);
  await does("carla", "finance.bankAccount.identify", { bankAccountId: bankId, number: ownIban });
  const dollars = await does("carla", "finance.bankAccount.create", { code: "USD", name: "Dollars", currency: "USD" });
  await seat(does, actors);
  const codes = new Map((await rows("finance.account")).map((row) => [String(row["code"]), String(row["id"])]));
  return {
    house,
    actors,
    parties: known,
    bankId,
    dollarsId: String(dollars["id"]),
    sellerId: String(partyId),
    ownIban,
    does,
    rows,
    account: (code) => codes.get(code)!,
    on: (today) => void (house.today = day(today) as Day),
    ...deeds(house, actors, does),
  };
}

type Deeds = Pick<YearCompany, "decide" | "balances" | "told" | "file" | "night" | "breaks">;

function deeds(house: TestHouse, actors: Readonly<Record<Person, Actor>>, does: YearCompany["does"]): Deeds {
  const file: Deeds["file"] = (who, name, content) =>
    writeStoredFile(rowsOn(house.owner as never), {
      tenantId: house.tenantId,
      userId: actors[who].userId,
      now: new Date(`${house.today}T08:00:00Z`),
      name,
      mediaType: "application/octet-stream",
      bytes: new TextEncoder().encode(content),
    });
  return {
    file,
    decide: async (approvalId, verdict) => {
      const { approver } = (await house.call("office.approval.get", { id: approvalId }, actors.olga)) as { approver: string };
      const who = (Object.keys(people) as Person[]).find((key) => people[key][0] === approver)!;
      await does(who, "office.approval.decide", { approvalId, verdict });
      return approver;
    },
    balances: async (asOf, ...codes) => {
      const found = (await house.call("finance.trialBalance.get", { asOf }, actors.carla))["rows"] as Row[];
      const closing = new Map(found.map((row) => [row["code"], (row["closing"] as { amount: string }).amount]));
      return codes.map((code) => closing.get(code) ?? "0.00");
    },
    told: async (bankAccountId, statement, currency = "EUR") => {
      const fileId = await file("arno", `${statement.id}.xml`, camt(statement).replaceAll("EUR", currency));
      return does("arno", "finance.bankStatement.import", { fileId, bankAccountId });
    },
    night: async (schedule) => {
      await house.funnel.work(house.tenantId, registry.schedules.find((one) => one.name === schedule)!.does);
      await house.settle();
    },
    breaks: async () => {
      const { laws } = (await house.call("platform.law.check", {}, actors.olga)) as { laws: { name: string; breaks: string[] }[] };
      return laws.filter((law) => law.breaks.length > 0);
    },
  };
}

/** Emma reports to Lena, who decides on what Emma spends. */
async function seat(does: YearCompany["does"], actors: Readonly<Record<Person, Actor>>): Promise<void> {
  const { id: unitId } = await does("olga", "directory.unit.create", { code: "S", name: "Sales", from: first });
  const { id: jobId } = await does("olga", "directory.job.create", { code: "J", title: "Seller" });
  const position = (code: string, reportsToId?: unknown) =>
    does("olga", "directory.position.create", { code, jobId, unitId, from: first, ...(reportsToId !== undefined && { reportsToId }) });
  const { id: top } = await position("TOP");
  const { id: below } = await position("BELOW", top);
  await does("olga", "directory.position.hold", { positionId: top, personId: actors.lena.personId, from: first });
  await does("olga", "directory.position.hold", { positionId: below, personId: actors.emma.personId, from: first });
}
