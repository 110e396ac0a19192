// Books for tests: a small company with an accountant and a chief, a customer and a supplier, ready to post.
import type { Id } from "../../../kernel/id.ts";
import type { Actor, ReadContext } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { assets } from "../../assets/index.ts";
import { addRole, createOrganisation, directory } from "../../directory/index.ts";
import { office } from "../../office/index.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { finance } from "../module.ts";

export interface TestBooks {
  readonly house: TestHouse;
  readonly chief: Actor;
  readonly accountant: Actor;
  readonly customerId: Id;
  readonly supplierId: Id;
  readonly bankAccountId: string;
  /** The identifier of an account by its code. */
  account(code: string): string;
  /** Everything that breaks a law of the books, as sentences. */
  breaks(): Promise<string[]>;
}

/** Today is 21 November 2026; the books begin with 2026 and are kept in EUR unless told otherwise, tax 19 and 7 percent. */
export async function openBooks(currency = "EUR"): Promise<TestBooks> {
  const house = await openHouse({ registry: compose([directory, office, assets, finance]) });
  const owner = await house.person("Olga Owner", "owner");
  const chief = await house.person("Carla Chief", "finance.manager");
  const accountant = await house.person("Arno Accountant", "finance.accountant");
  await house.run(createSetup, { currency, fiscalYearStart: "2026-01-01" }, owner);
  const { rows } = (await house.call("finance.account.list", { limit: 500 }, chief)) as { rows: { id: string; code: string }[] };
  const accounts = new Map(rows.map((row) => [row.code, row.id]));
  const party = async (name: string, role: string): Promise<Id> => {
    const { id } = await house.run(createOrganisation, { name }, owner);
    await house.run(addRole, { partyId: id, role, from: "2026-01-01" }, owner);
    return id;
  };
  const banks = (await house.call("finance.bankAccount.list", {}, chief)) as { rows: { id: string }[] };
  return {
    house,
    chief,
    accountant,
    customerId: await party("Nordlicht AG", "customer"),
    supplierId: await party("Papier & Stift GmbH", "supplier"),
    bankAccountId: banks.rows[0]!.id,
    account: (code) => accounts.get(code)!,
    breaks: () => house.funnel.read({ tenantId: house.tenantId, actor: chief }, lawBreaks),
  };
}

async function lawBreaks(context: ReadContext): Promise<string[]> {
  const found: string[] = [];
  for (const law of finance.laws ?? []) found.push(...(await law.breaks(context)));
  return found;
}

export const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });
