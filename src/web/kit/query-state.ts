// State that lives in the address, so that a link, "back" and a new tab show the same: filters, days, tabs.
import { useLocation, useParams, useRouter } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { queryText, readQuery } from "./query.ts";

type AddressFields = Readonly<Record<string, string | undefined>>;

/** The query of the address as text by name. */
export function useQueryFields(): Readonly<Record<string, string>> {
  const asked = useLocation({ select: (location) => location.searchStr });
  return useMemo(() => readQuery(asked), [asked]);
}

/** Changes fields of the address; undefined or "" takes one away. By default it replaces, so that "back" leaves the page. */
export function useSetQueryFields(): (changes: AddressFields, options?: { push?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (changes, options) => {
      const { pathname, searchStr } = router.latestLocation;
      const path = `${pathname}${queryText(Object.entries({ ...readQuery(searchStr), ...changes }))}`;
      if (options?.push) router.history.push(path);
      else router.history.replace(path);
    },
    [router],
  );
}

/** One field of the address: `const [tab, setTab] = useQueryState("tab", "open")`. */
export function useQueryState(name: string, initially = ""): [string, (value: string | undefined) => void] {
  const fields = useQueryFields();
  const change = useSetQueryFields();
  const set = useCallback(
    (value: string | undefined) => change({ [name]: value === initially ? undefined : value }),
    [change, name, initially],
  );
  return [fields[name] ?? initially, set];
}

/** The operation that an address names, as `/do/finance/invoice/post` or `/do/finance.invoice.post`. */
export function useNamedOperation(): string {
  const { operation, module, subject, verb } = useParams({ strict: false }) as Readonly<Record<string, string | undefined>>;
  return operation ?? `${module}.${subject}.${verb}`;
}
