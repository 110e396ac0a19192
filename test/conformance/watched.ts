// Which writes were watched in this run. After a whole run every write must be among them, or be named with its reason.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

const folder = join(process.cwd(), ".build");

/** The file of a run, which is known by the port of its database. */
export const watchedFile = (port: number): string => join(folder, `watched-${port}.txt`);

/**
 * Writes that no test runs through the funnel alone, each with the reason. That a dry run leaves no trace and a key answers twice is
 * the funnel's doing, the same for all.
 */
const unwatched: Readonly<Record<string, string>> = {
  "purchasing.request.approve": "the house runs it inside office.approval.decide, which is watched",
  "office.request.approve": "the house runs it inside office.approval.decide, which is watched",
  "finance.expenseClaim.approve": "the house runs it inside office.approval.decide, which is watched",
  "finance.expenseAdvance.approve": "the house runs it inside office.approval.decide, which is watched",
  "purchasing.order.approve": "the house runs it inside office.approval.decide, which is watched",
  "platform.person.gather": "the house runs it inside governance.subjectRequest.gather, which is watched",
  "platform.person.erase": "the house runs it inside governance.erasure.decide, which is watched",
  "it.device.reserveFree": "its test lets several wish at once, and the tables cannot tell whose trace it is",
};

export default function setUp(project: TestProject): () => Promise<void> {
  mkdirSync(folder, { recursive: true });
  return async () => {
    const file = watchedFile(project.getProvidedContext().port);
    const watched = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
    rmSync(file, { force: true });
    if (!(await isWholeRun(project))) return;
    const { registry } = await import("../../src/registry.ts");
    const writes = [...registry.operations.values()].filter(({ kind }) => kind === "write").map(({ name }) => name);
    const missing = writes.filter((name) => !watched.has(name) && !(name in unwatched));
    const stale = Object.keys(unwatched).filter((name) => watched.has(name) || !writes.includes(name));
    const count = writes.filter((name) => watched.has(name)).length;
    console.log(`\nconformance: ${count} of ${writes.length} writes were tried dry and wished twice, and left no trace and no double.`);
    for (const [name, reason] of Object.entries(unwatched)) console.log(`  not ${name}: ${reason}`);
    if (missing.length > 0) console.log(`  NOT WATCHED and not named in test/conformance/watched.ts:\n    ${missing.join("\n    ")}`);
    if (stale.length > 0) console.log(`  named in test/conformance/watched.ts, but watched or gone: ${stale.join(", ")}`);
    if (missing.length > 0) process.exitCode = 1;
  };
}

/** Whether every test file ran, not only some that were asked for. */
async function isWholeRun(project: TestProject): Promise<boolean> {
  const all = await project.globTestFiles();
  const ran = project.vitest.state.getFiles().length;
  return ran >= all.testFiles.length;
}
