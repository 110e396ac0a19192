// Heartwood beside Tryton 6.0 as Debian 12 packages it, both on the same PostgreSQL in the same run: journal entries and customer invoices
// that are made and posted. Tryton works in one process through its own Python interface, without HTTP, sign-in or a rendered document:
// all of these would make it slower.
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bench } from "../bench.ts";
import { booksOf } from "../books.ts";
import { timed } from "../pair.ts";
import { type BenchServer, oncePerServer } from "../server.ts";
import { customersOf, fileInvoices, importInvoices, pressInvoices } from "./invoice.ts";
import { entries, uploadJournal } from "./journal.ts";
import { spreadEntries } from "./posting.ts";

/** Debian's own interpreter: another one on the path does not see Debian's packages. */
const python = "/usr/bin/python3";
const run = promisify(execFile);

type Kind = "entries" | "invoices";
/** Makes and posts so many, so many of them in each database transaction; the rate a second. */
type Tryton = (kind: Kind, count: number, each: number) => Promise<number>;

const trytonOf = oncePerServer(async (server): Promise<Tryton> => {
  const isThere = "import psycopg2, trytond, trytond.modules.account_invoice; assert trytond.__version__.startswith('6.0.')";
  if (spawnSync(python, ["-c", isThere]).status !== 0)
    throw new Error(
      "Tryton 6.0 is not installed. It comes with Debian 12's packages tryton-server, tryton-modules-account-invoice and python3-psycopg2.",
    );
  await server.owner.query("create database tryton");
  const { host, port, user } = server.owner.options;
  const ask = async (...given: readonly unknown[]): Promise<string> =>
    (await run(python, [join(import.meta.dirname, "../peers/tryton.py"), ...[host, port, user, "tryton", ...given].map(String)])).stdout;
  await ask("prepare");
  return async (kind, count, each) => {
    const measured = JSON.parse(await ask(kind, count, each)) as { count: number; seconds: number };
    return measured.count / measured.seconds;
  };
});

const beside = (
  { name, says, unit, bound }: { name: string; says: string; unit: `${Kind}/s`; bound: number },
  oursOf: (server: BenchServer) => Promise<(round: number) => Promise<number>>,
  theirs: (tryton: Tryton) => Promise<number>,
): Bench => ({
  name: `tryton-${name}`,
  says,
  prepare: async (server) => {
    const tryton = await trytonOf(server);
    return { unit, moreIsBetter: true, bound, ours: await oursOf(server), theirs: () => theirs(tryton) };
  },
});

/** A rate needs no more; beyond the rounds of the other benches, because a file is not brought in twice. */
const batchEntries = Math.min(entries, 100_000);
const batchInvoices = Math.min(fileInvoices, 20_000);
const laterRound = (round: number): number => 100 + round;

export const trytonBenches: readonly Bench[] = [
  beside(
    {
      name: "entries-one-by-one",
      says: "one journal entry a request over HTTP, 32 clients; Tryton making and posting one in each database transaction",
      unit: "entries/s",
      bound: 150,
    },
    async (server) => (await spreadEntries(server)).ours,
    (tryton) => tryton("entries", 100, 1),
  ),
  beside(
    {
      name: "invoices-one-by-one",
      says: "one whole invoice a request over HTTP, 32 clients; Tryton making and posting one in each database transaction",
      unit: "invoices/s",
      bound: 500,
    },
    pressInvoices,
    (tryton) => tryton("invoices", 20, 1),
  ),
  beside(
    {
      name: "entries-in-batches",
      says: `${batchEntries} entries of a plain-text journal imported; Tryton making and posting 100 in each database transaction`,
      unit: "entries/s",
      bound: 150,
    },
    async (server) => {
      await booksOf(server);
      return async (round) => {
        const fileId = await uploadJournal(server, laterRound(round), batchEntries);
        return (1000 * batchEntries) / (await timed(() => server.call("POST", "/api/v1/finance/imports/journal", { fileId })));
      };
    },
    (tryton) => tryton("entries", 400, 100),
  ),
  beside(
    {
      name: "invoices-in-batches",
      says: `${batchInvoices} invoices of a CSV file imported and posted; Tryton making and posting 10 in each database transaction`,
      unit: "invoices/s",
      bound: 500,
    },
    async (server) => {
      await customersOf(server);
      return async (round) => (1000 * batchInvoices) / (await importInvoices(server, laterRound(round), batchInvoices));
    },
    // Ten at a time is Tryton at its fastest: a hundred cost it a seventh more processor time each.
    (tryton) => tryton("invoices", 100, 10),
  ),
];
