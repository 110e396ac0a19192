// Starts Heartwood once as a newcomer would, on an empty data folder, for all tests in the browser.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    address: string;
    dataFolder: string;
  }
}

const readyWithinMilliseconds = 600_000;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(join(tmpdir(), "heartwood-browser-"));
  const port = 20_000 + (process.pid % 10_000);
  const address = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ["bin/start.mjs"], {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), HEARTWOOD_DATA: dataFolder, HEARTWOOD_ADDRESS: address },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  server.stdout.on("data", (part) => (said += part));
  server.stderr.on("data", (part) => (said += part));
  const gone = new Promise<void>((resolve) => server.on("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill("SIGINT");
    await gone;
    await rm(dataFolder, { recursive: true, force: true });
  };
  const until = Date.now() + readyWithinMilliseconds;
  while (!(await answers(address))) {
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`Heartwood did not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  project.provide("address", address);
  project.provide("dataFolder", dataFolder);
  return stop;
}

const answers = (address: string): Promise<boolean> =>
  fetch(`${address}/health`).then(
    (response) => response.ok,
    () => false,
  );
