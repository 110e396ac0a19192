// Running operations from a screen: reads that stay fresh, writes that are safe to send again, pages of a register.
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Catalogue, OperationEntry } from "../catalogue.ts";
import { asProblem, closedTo, newKey, type Problem, readOperation, readText, runOperation, type Waits, waitsIn } from "../client.ts";
import { text } from "../text.ts";
import { type Page, pageOf, type PageText, type Row, rowsIn, type Total } from "./pages.ts";
import { useCatalogue } from "./session.tsx";
import { useWithin } from "./within.ts";

export type { Page, Row, Total };
type Input = Readonly<Record<string, unknown>>;

export function operationOf(catalogue: Catalogue, name: string): OperationEntry {
  const operation = catalogue.operation(name);
  if (!operation) throw closedTo(name);
  return operation;
}

export interface ReadOptions {
  readonly enabled?: boolean;
  /** Ask again every so many milliseconds. */
  readonly every?: number;
  /** Keep showing the last answer while the next one is under way. */
  readonly keep?: boolean;
}

/** Runs a read by its name, e.g. `useOperation<Statement>("finance.trialBalance.get", { asOf })`. */
export function useOperation<T>(name: string, input: Input = {}, options: ReadOptions = {}): UseQueryResult<T, Problem> {
  const catalogue = useCatalogue();
  const asked = useWithin()(name, input);
  return useQuery<T, Problem>({
    queryKey: ["operation", name, asked],
    queryFn: ({ signal }) => readOperation<T>(operationOf(catalogue, name), asked, signal),
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    placeholderData: options.keep ? keepPreviousData : undefined,
  });
}

/** Whether this person may run the operation at all; a screen shows its button only then. */
export const useMay = (name: string): boolean => useCatalogue().may(name);

/** One record of a register, with `can`: the names of what may be done with it now. */
export const useRecord = (register: string, id: string, asOf?: string): UseQueryResult<Row & { can: string[] }, Problem> =>
  useOperation(`${register}.get`, asOf ? { id, asOf } : { id });

export interface ListAsked {
  readonly filter?: Readonly<Record<string, string>>;
  readonly search?: string;
  readonly sort?: string;
  readonly asOf?: string;
  readonly limit?: number;
}

/** The first page of a register; enough for a short list or a picker. */
export const usePage = <R extends Row = Row>(
  register: string,
  asked: ListAsked & { readonly count?: boolean } = {},
  options: ReadOptions = {},
): UseQueryResult<Page<R>, Problem> => useOperation<Page<R>>(`${register}.list`, { limit: 50, ...asked }, options);

/** A register page by page, for a list of any length; the first page also brings the count and the totals. */
export function usePages<R extends Row = Row>(register: string, given: ListAsked = {}) {
  const catalogue = useCatalogue();
  const asked: ListAsked = useWithin()(`${register}.list`, { ...given });
  const query = useInfiniteQuery<PageText, Problem, { pages: PageText[] }, unknown[], string | null>({
    queryKey: ["operation", `${register}.list`, "pages", asked],
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) =>
      pageOf(
        await readText(
          operationOf(catalogue, `${register}.list`),
          // The first page is there at once; whoever scrolls on gets more of them at a time.
          { ...asked, ...(pageParam ? { limit: asked.limit ?? 500, cursor: pageParam } : { limit: asked.limit ?? 100, count: true }) },
          signal,
        ),
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages && rowsIn<R>(pages), [pages]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  /** Asks for the next page, if there is one and it is not under way. */
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { ...query, rows, more, count: pages?.[0]?.count ?? null, totals: pages?.[0]?.totals ?? [] };
}

/** The same with its rows as one array, for lists that are looked through as a whole. */
export function useRows<R extends Row = Row>(register: string, asked: ListAsked = {}) {
  const found = usePages<R>(register, asked);
  const rows = useMemo(() => found.rows && [...found.rows], [found.rows]);
  return { ...found, rows };
}

export interface Running<T> {
  /** Does it. Resolves with the output, or with undefined when the answer was a no; `problem` then says why. */
  readonly run: (input: Input, reason?: string) => Promise<T | undefined>;
  /** What the output would be, with nothing kept. */
  readonly preview: (input: Input) => Promise<T | undefined>;
  readonly pending: boolean;
  readonly problem: Problem | undefined;
  /** Set when it is neither done nor refused, but waits (or, tried, would wait) until others agree. */
  readonly waits: Waits | undefined;
  readonly reset: () => void;
}

/** Runs a write by its name. After it, every list and record on screen is read afresh. `done` is said in a notification. */
export function useRun<T = unknown>(name: string, done?: string): Running<T> {
  const catalogue = useCatalogue();
  const client = useQueryClient();
  const within = useWithin();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [waits, setWaits] = useState<Waits>();
  const wish = useRef<{ said: string; key: string }>(undefined);

  const attempt = useCallback(
    async (given: Input, dryRun: boolean, reason?: string): Promise<T | undefined> => {
      const input = within(name, given);
      const said = JSON.stringify([name, input, dryRun]);
      // The same wish keeps its key until an answer came, so that pressing again after a lost connection does it once.
      if (wish.current?.said !== said) wish.current = { said, key: newKey() };
      setPending(true);
      setProblem(undefined);
      setWaits(undefined);
      try {
        const output = await runOperation<T>(operationOf(catalogue, name), input, { key: wish.current.key, dryRun, reason });
        wish.current = undefined;
        const held = waitsIn(output);
        setWaits(held);
        if (dryRun) return held ? undefined : output;
        await client.invalidateQueries({ queryKey: ["operation"] });
        if (held) {
          notifications.show({ title: text.waits, message: held.says, color: "yellow", autoClose: 15_000 });
          return undefined;
        }
        if (done) notifications.show({ message: done, color: "green" });
        return output;
      } catch (error) {
        const answered = asProblem(error);
        if (!answered.mayRetry) wish.current = undefined;
        setProblem(answered);
        return undefined;
      } finally {
        setPending(false);
      }
    },
    [catalogue, client, done, name, within],
  );

  return {
    run: useCallback((input, reason) => attempt(input, false, reason), [attempt]),
    preview: useCallback((input) => attempt(input, true), [attempt]),
    pending,
    problem,
    waits,
    reset: useCallback(() => {
      setProblem(undefined);
      setWaits(undefined);
    }, []),
  };
}
