// The lines on the left: which are shown, which one is chosen, and moving through them.
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { useQueryState, useRows } from "../../../kit/index.ts";
import type { BankLine } from "./bank.ts";

const stateOf: Readonly<Record<string, string | undefined>> = { open: "unmatched|held", done: "matched|posted|ignored", all: undefined };

export function useLines(bankAccountId: string) {
  const [show, setShow] = useQueryState("show", "open");
  const [search, setSearch] = useQueryState("search");
  const [lineId, setLineId] = useQueryState("line");
  const [typed, setTyped] = useState(search);
  const [settled] = useDebouncedValue(typed, 200);
  useEffect(() => setSearch(settled || undefined), [settled, setSearch]);
  const state = stateOf[show];
  const filter = { bankAccountId, ...(state ? { state } : { state: "!advised" }) };
  const asked = useRows<BankLine>("finance.bankLine", {
    filter,
    search: search || undefined,
    sort: show === "open" ? "day" : "-day",
    limit: 200,
  });
  const rows = asked.rows;
  const place = rows?.findIndex((row) => row.id === lineId) ?? -1;
  const choose = useCallback((id: string | undefined) => setLineId(id), [setLineId]);
  const step = useCallback(
    (by: number) => {
      if (!rows || rows.length === 0) return;
      const next = place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + by));
      choose(rows[next]!.id);
    },
    [choose, place, rows],
  );
  const was = useRef(0);
  useEffect(() => {
    was.current = 0;
  }, [show, search]);
  useEffect(() => {
    if (place >= 0) was.current = place;
  }, [place]);
  /** Where a line has left the list, the one that stands in its place is chosen; in a new list the first. */
  const stay = useCallback(() => {
    if (rows && rows.length > 0) choose(rows[Math.min(was.current, rows.length - 1)]!.id);
  }, [choose, rows]);
  /** The next line that stays, for this one leaves the list. */
  const leave = useCallback(
    (isGone: (id: string) => boolean) => {
      if (!rows || show === "all") return;
      const stays = (row: BankLine): boolean => !isGone(row.id);
      choose((rows.slice(place + 1).find(stays) ?? rows.slice(0, Math.max(0, place)).findLast(stays))?.id);
    },
    [choose, place, rows, show],
  );
  return {
    asked,
    rows,
    place,
    chosen: place >= 0 ? rows![place] : undefined,
    lineId,
    choose,
    step,
    leave,
    stay,
    show,
    setShow,
    search,
    typed,
    setTyped,
  };
}

export type Lines = ReturnType<typeof useLines>;
