// Set-up shared by the tests of requests: a small company that has the usual kinds and one person for each part.
import type { Id } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { assignResponsibility } from "../responsibility/responsibility.operations.ts";
import { addUsualKinds } from "./kind.operations.ts";
import { createRequest } from "./request.operations.ts";

export interface Desk {
  readonly house: TestHouse;
  /** Owner of the company, office manager, IT, HR, two employees. */
  readonly helene: Actor;
  readonly olga: Actor;
  readonly erik: Actor;
  readonly nadia: Actor;
  readonly ann: Actor;
  readonly sam: Actor;
  kind(code: string): Promise<Id>;
  file(as: Actor, code: string, more?: object): Promise<{ id: Id; number: string }>;
  get(as: Actor, id: Id): Promise<Record<string, unknown>>;
  rows(as: Actor, register: string, filter?: object): Promise<Record<string, unknown>[]>;
}

/** Answers that fit the usual form of a kind. */
export const answersFor: Readonly<Record<string, object>> = {
  "it-trouble": { what: "Network", error: "It is slow" },
  supplies: { what: "Two boxes of pens" },
  concern: { about: "Safety", what: "The guard of machine 4 is tied open" },
  "pay-question": { month: "2026-10-31", question: "Where is my overtime?" },
  "lost-device": { when: "2026-11-01", where: "On the train", personal: "No" },
  training: { course: "Optics", from: "2026-12-01", price: { amount: "900.00", currency: "EUR" } },
};

export async function openDesk(): Promise<Desk> {
  const house = await openHouse({ today: "2026-11-02" });
  const helene = await house.person("Helene Owner", "owner");
  const olga = await house.person("Olga Office", "office.manager");
  const erik = await house.person("Erik It", "it.manager");
  const nadia = await house.person("Nadia People", "people.manager");
  const ann = await house.person("Ann Asks");
  const sam = await house.person("Sam Stranger");
  await house.run(addUsualKinds, {}, olga);
  // Concerns go to one person by name: no role stands behind them.
  const concerns = { activity: "governance.concerns", part: "accountable", personId: nadia.personId, from: "2026-01-01" };
  await house.run(assignResponsibility, concerns, helene);
  const kinds = new Map<string, Id>();
  const desk: Desk = {
    house,
    helene,
    olga,
    erik,
    nadia,
    ann,
    sam,
    async kind(code) {
      if (!kinds.has(code)) {
        const found = (await house.call("office.requestKind.list", { filter: { code } }, olga)) as { rows: { id: Id }[] };
        kinds.set(code, found.rows[0]!.id);
      }
      return kinds.get(code)!;
    },
    file: async (as, code, more = {}) =>
      house.run(createRequest, { kindId: await desk.kind(code), title: `About ${code}`, answers: answersFor[code] ?? {}, ...more }, as),
    get: (as, id) => house.call("office.request.get", { id }, as),
    rows: async (as, register, filter = {}) =>
      ((await house.call(`${register}.list`, { filter, limit: 200 }, as)) as { rows: Record<string, unknown>[] }).rows,
  };
  return desk;
}
