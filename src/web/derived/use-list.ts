// What a register is asked for, kept in the address: filters, search, order, columns, day.
import { useMemo } from "react";
import { useQueryFields, useSetQueryFields } from "../kit/query-state.ts";

export interface ListState {
  readonly filter: Readonly<Record<string, string>>;
  readonly search: string;
  readonly sort: string | undefined;
  readonly asOf: string | undefined;
  readonly columns: readonly string[] | undefined;
  readonly setFilter: (column: string, value: string | undefined) => void;
  readonly set: (field: "search" | "sort" | "asOf" | "columns", value: string | undefined) => void;
  readonly clear: () => void;
}

const bracket = /^filter\[(.+)\]$/;

export function useListState(): ListState {
  const fields = useQueryFields();
  const change = useSetQueryFields();
  return useMemo(() => {
    const filter = Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) => {
        const column = bracket.exec(name)?.[1];
        return column ? [[column, value] as const] : [];
      }),
    );
    return {
      filter,
      search: fields["search"] ?? "",
      sort: fields["sort"],
      asOf: fields["asOf"],
      columns: fields["columns"]?.split(","),
      setFilter: (column, value) => change({ [`filter[${column}]`]: value }),
      set: (field, value) => change({ [field]: value }),
      clear: () =>
        change({ ...Object.fromEntries(Object.keys(filter).map((column) => [`filter[${column}]`, undefined])), search: undefined }),
    };
  }, [change, fields]);
}
