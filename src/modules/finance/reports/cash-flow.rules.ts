// The cash flow statement: every account stands in exactly one place, and what is not cash explains, with the sign turned, what happened
// to the cash (IAS 7.10 to 7.20). Depreciation and the result of disposals belong to what they were earned or lost on: investing.
import type { Id } from "../../../kernel/id.ts";
import type { AccountRole } from "../ledger/role.ts";
import { leavesOf } from "./explain.rules.ts";
import type { TreeAccount } from "./statement.rules.ts";
import { isResultType } from "./trial-balance.rules.ts";

export const activities = ["operating", "investing", "financing"] as const;
export type Activity = (typeof activities)[number];
export type CashPlace = Activity | "cash";

export interface CashGround {
  readonly roles: ReadonlyMap<Id, readonly AccountRole[]>;
  readonly bankAccountIds: ReadonlySet<Id>;
  /** Where people put an account or a group. */
  readonly given: ReadonlyMap<Id, Activity>;
}

const cashRoles: readonly AccountRole[] = ["cash", "bank", "transit"];
const thingRoles: readonly AccountRole[] = ["fixedAsset", "accumulatedDepreciation"];
const thingResultRoles: readonly AccountRole[] = ["depreciation", "disposalResult"];

/** The place of every account that takes postings. */
export function cashPlacesOf(tree: readonly TreeAccount[], { roles, bankAccountIds, given }: CashGround): Map<Id, CashPlace> {
  const byId = new Map(tree.map((account) => [account.id, account]));
  const does = (id: Id, wanted: readonly AccountRole[]): boolean => (roles.get(id) ?? []).some((role) => wanted.includes(role));
  // Beside an account for things stand accounts for things.
  const thingGroups = new Set(tree.filter((account) => does(account.id, thingRoles)).map((account) => account.parentId));
  const givenFor = (account: TreeAccount | undefined): Activity | undefined =>
    account && (given.get(account.id) ?? givenFor(account.parentId === null ? undefined : byId.get(account.parentId)));
  const placeOf = (account: TreeAccount): CashPlace => {
    if (bankAccountIds.has(account.id) || does(account.id, cashRoles)) return "cash";
    const placed = givenFor(account);
    if (placed) return placed;
    if (does(account.id, [...thingRoles, ...thingResultRoles])) return "investing";
    if (account.type === "asset" && account.parentId !== null && thingGroups.has(account.parentId)) return "investing";
    return account.type === "equity" ? "financing" : "operating";
  };
  return new Map(tree.filter((account) => !account.isGroup).map((account) => [account.id, placeOf(account)]));
}

export interface CashRow {
  readonly activity: Activity;
  /** The result, what of it moved no operating cash, a change of an account, or a counterpart of cash. */
  readonly kind: "result" | "adjustment" | "change" | "counterpart";
  readonly account: TreeAccount | null;
  /** One for each column; positive is cash that came. */
  readonly amounts: readonly bigint[];
}

type Column = ReadonlyMap<Id, bigint>;

const isSomething = (row: CashRow): boolean => row.amounts.some((amount) => amount !== 0n);

/** Begins with the result, takes out what belongs to investing or financing, and adds the changes of all accounts that are not cash. */
export function indirectRows(tree: readonly TreeAccount[], places: ReadonlyMap<Id, CashPlace>, columns: readonly Column[]): CashRow[] {
  const leaves = tree.filter((account) => !account.isGroup);
  const turned = (account: TreeAccount): bigint[] => columns.map((column) => -(column.get(account.id) ?? 0n));
  const results = leavesOf(tree, (account) => isResultType(account.type));
  const result = columns.map((_, index) => results.reduce((sum, account) => sum + turned(account)[index]!, 0n));
  const elsewhere = results.filter((account) => places.get(account.id) !== "operating");
  const changes = leaves.filter((account) => !isResultType(account.type) || places.get(account.id) !== "operating");
  return [
    { activity: "operating" as const, kind: "result" as const, account: null, amounts: result },
    ...elsewhere.map((account): CashRow => ({
      activity: "operating",
      kind: "adjustment",
      account,
      amounts: turned(account).map((amount) => -amount),
    })),
    ...activities.flatMap((activity) =>
      changes
        .filter((account) => places.get(account.id) === activity)
        .map((account): CashRow => ({ activity, kind: "change", account, amounts: turned(account) })),
    ),
  ].filter(isSomething);
}

/** What cash came from and went to: each column has the counterparts of the entries that touch cash, cash that came positive. */
export const directRows = (tree: readonly TreeAccount[], places: ReadonlyMap<Id, CashPlace>, columns: readonly Column[]): CashRow[] =>
  activities.flatMap((activity) =>
    tree
      .filter((account) => places.get(account.id) === activity)
      .map((account): CashRow => ({
        activity,
        kind: "counterpart",
        account,
        amounts: columns.map((column) => column.get(account.id) ?? 0n),
      }))
      .filter(isSomething),
  );
