// What can be chosen in a line of an entry: accounts and cost centres are all at hand, parties are asked from the server.
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo } from "react";
import { type MoneyValue, type Row, useCatalogue, usePage, useRows } from "../../kit/index.ts";
import { type Choice, fitting } from "./entry-lines.rules.ts";

export interface AccountRow extends Row {
  readonly account: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly isGroup: boolean;
  readonly control: "receivable" | "payable" | null;
  readonly balance: MoneyValue;
  readonly state: "open" | "group" | "retired";
}

/** Every account of the books in the order of the chart, groups included. */
export function useChart() {
  const found = useRows<AccountRow>("finance.account", { sort: "code", limit: 1000 });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = found;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  // Those of the books that were chosen before are of no use.
  const whole = hasNextPage || isPlaceholderData ? undefined : found.rows;
  const accounts = useMemo(() => whole, [found.data, isPlaceholderData]);
  return { data: accounts, error: found.error, refetch: found.refetch };
}

export const accountChoices = (accounts: readonly AccountRow[]): readonly Choice[] =>
  accounts.filter((account) => account.state === "open").map(({ id, account, control }) => ({ id, label: account, control }));

export interface Found {
  readonly choices: readonly Choice[];
  /** The choices are those of what was asked last. */
  readonly isSettled: boolean;
}

/** Finds choices for what was typed; nothing typed is undefined. */
export type UseFound = (asked: string | undefined) => Found;

export const foundIn = (choices: readonly Choice[], asked: string | undefined): Found => ({
  choices: asked === undefined ? choices : fitting(choices, asked),
  isSettled: true,
});

interface PartyRow extends Row {
  readonly name: string;
  readonly roles?: string;
}

interface UnitRow extends Row {
  readonly code: string;
  readonly name: string;
}

const isThere = (catalogue: ReturnType<typeof useCatalogue>, register: string): boolean => Boolean(catalogue.register(register));

export function useParties(asked: string | undefined): Found {
  const enabled = isThere(useCatalogue(), "directory.party");
  const [late] = useDebouncedValue(asked, 150);
  const page = usePage<PartyRow>("directory.party", { search: late || undefined, limit: 20 }, { enabled, keep: true });
  const rows = page.data?.rows ?? [];
  const choices = rows.map((row) => ({ id: row.id, label: row.name, hint: row.roles }));
  return { choices, isSettled: !enabled || (late === asked && !page.isPlaceholderData && page.data !== undefined) };
}

interface ValueRow extends Row {
  readonly code: string;
  readonly name: string;
  readonly dimension: string;
}

export function useDimensions(asked: string | undefined): Found {
  const enabled = isThere(useCatalogue(), "finance.dimensionValue");
  const page = usePage<ValueRow>("finance.dimensionValue", { limit: 1000, sort: "code" }, { enabled });
  const choices = useMemo(
    () => (page.data?.rows ?? []).map(({ id, code, name, dimension }) => ({ id, label: `${code} ${name}`, hint: dimension })),
    [page.data],
  );
  return foundIn(choices, asked);
}

export function useUnits(asked: string | undefined): Found {
  const enabled = isThere(useCatalogue(), "directory.unit");
  const page = usePage<UnitRow>("directory.unit", { limit: 1000, sort: "code" }, { enabled });
  const choices = useMemo(() => (page.data?.rows ?? []).map(({ id, code, name }) => ({ id, label: `${code} ${name}` })), [page.data]);
  return foundIn(choices, asked);
}
