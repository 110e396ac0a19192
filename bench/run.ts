// Runs the benches: `npm run bench`, or `npm run bench -- entry` for those whose name begins so. One JSON line each, on standard output.
import type { Bench } from "./bench.ts";
import { sweepOpenClocks } from "./benches/clocks.ts";
import { costBenches } from "./benches/cost.ts";
import { inbox } from "./benches/inbox.ts";
import { invoiceOverHttp, invoicesFromFile } from "./benches/invoice.ts";
import { journalImport, ledgerBalances } from "./benches/journal.ts";
import { matchAndPost, matchPreview } from "./benches/match.ts";
import { monthEnd } from "./benches/month-end.ts";
import { trytonBenches } from "./benches/peer.ts";
import { postAmongLines, postHot, postSpread } from "./benches/posting.ts";
import { sweepOpenProcesses } from "./benches/processes.ts";
import { reportBenches } from "./benches/reports.ts";
import { search } from "./benches/search.ts";
import { measure } from "./pair.ts";
import { type BenchServer, startServer } from "./server.ts";

const benches: readonly Bench[] = [
  postSpread,
  postHot,
  ...costBenches,
  invoiceOverHttp,
  invoicesFromFile,
  postAmongLines,
  journalImport,
  ledgerBalances,
  matchAndPost,
  matchPreview,
  monthEnd,
  ...reportBenches,
  sweepOpenClocks,
  sweepOpenProcesses,
  inbox,
  search,
  ...trytonBenches,
];

const wanted = process.argv.slice(2);
const chosen = benches.filter((bench) => wanted.length === 0 || wanted.some((name) => bench.name.startsWith(name)));

const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

async function run(bench: Bench, server: BenchServer): Promise<void> {
  const pair = await bench.prepare(server);
  const { ours, theirs, ratio, pairs } = await measure(pair);
  const holds = pair.moreIsBetter ? ratio >= pair.bound : ratio <= pair.bound;
  const round = (value: number): number => Number(value.toPrecision(4));
  const line = {
    name: bench.name,
    ratio: round(ratio),
    bound: pair.bound,
    holds,
    unit: pair.unit,
    ours: round(ours),
    theirs: round(theirs),
  };
  print({ ...line, pairs: pairs.map(round), says: bench.says });
}

const server = await startServer();
try {
  for (const bench of chosen) {
    // A program that is not installed here must not cost the benches after it; the run still counts as failed.
    await run(bench, server).catch((failure: Error) => {
      process.exitCode = 1;
      print({ name: bench.name, failed: failure.message, says: bench.says });
    });
  }
} finally {
  await server.stop();
}
