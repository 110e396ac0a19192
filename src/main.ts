// Starts Heartwood: database, migrations, demo company on the first start, jobs, and the server. Ctrl-C stops all of it cleanly.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { demoPeople } from "../demo/people.ts";
import { keepBackups } from "./platform/backup/nightly.ts";
import { backupPlanFrom } from "./platform/backup/place.ts";
import { migrationsFolder } from "./platform/database/migrate.ts";
import { openDatabase } from "./platform/database/open.ts";
import { openPool, type Pool } from "./platform/database/pool.ts";
import { rowsOn, sql } from "./platform/database/sql.ts";
import { scanBy } from "./platform/files/scanner.ts";
import { createFunnel, type Funnel } from "./platform/funnel/funnel.ts";
import { openLog } from "./platform/health/log.ts";
import { liveIn } from "./platform/health/machine.ts";
import { identifyWith } from "./platform/http/caller.ts";
import { trustedProxy } from "./platform/http/proxy.ts";
import { createServer } from "./platform/http/server.ts";
import { membershipsIn } from "./platform/identity/actor.ts";
import { breachedIn } from "./platform/identity/breached.ts";
import { createSignIn, type SignIn } from "./platform/identity/sign-in.ts";
import { settleEvents } from "./platform/jobs/events.ts";
import { allTenants, startJobs } from "./platform/jobs/runner.ts";
import { type SendMail, smtpMail } from "./platform/notify/mail.ts";
import { unsubscribing } from "./platform/notify/unsubscribe.ts";
import { keepKeys } from "./platform/secret/keeper.ts";
import { registry } from "./registry.ts";
import { setUpOnce } from "./setup.ts";

const root = resolve(process.env["HEARTWOOD_ROOT"] ?? process.cwd());
const dataFolder = resolve(process.env["HEARTWOOD_DATA"] ?? join(root, ".heartwood"));
const port = Number(process.env["PORT"] ?? 4400);
const host = process.env["HOST"] ?? "127.0.0.1";
const address = process.env["HEARTWOOD_ADDRESS"] ?? `http://${host}:${port}`;
// Requests a minute that one user may make; programs that post much need more than a person.
const ratePerUser = Number(process.env["HEARTWOOD_RATE_PER_USER"] ?? 0);
// How long a server that is told to stop goes on answering while a proxy in front sends new requests elsewhere.
const drainSeconds = Number(process.env["HEARTWOOD_DRAIN_SECONDS"] ?? 0);
const log = openLog(process.env["LOG_LEVEL"] ?? "warn");
// The job queue leaves a promise alone when the database was away for long; that is a line in the log, not the end of the house.
process.on("unhandledRejection", (error) => log.error({ error }, "nobody waited for this"));

const logged =
  (line: string) =>
  (error: unknown): void =>
    log.error({ error }, line);

const clock = (): Date => new Date();

const stopPatienceMilliseconds = 20_000;

async function main(): Promise<void> {
  const began = Date.now();
  await mkdir(dataFolder, { recursive: true });
  scanBy(process.env["HEARTWOOD_CLAMD"]);
  const secret = process.env["HEARTWOOD_SECRET"] ?? (await keptSecret());
  const backupPlan = backupPlanFrom(process.env, dataFolder);
  const { database, pools } = await openStore(secret, backupPlan?.logSeconds);
  const keys = await keepKeys(pools.owner, { current: secret, previous: process.env["HEARTWOOD_SECRET_PREVIOUS"] }, (line) =>
    log.warn(line),
  );
  const backups = keepBackups({
    plan: backupPlan,
    database,
    owner: pools.owner,
    secretFile: join(dataFolder, "secret"),
    log: (line) => log.error(line),
  });
  const funnel = funnelOver(pools.app);
  const sendMail = mailServer();
  const unsubscribe = unsubscribing(secret, address);
  const signIn = await signInOver(pools.signIn, secret, sendMail);
  await setUpOnce({ funnel, pools, signIn, environment: process.env, say: (line) => void process.stdout.write(`${line}\n`) });

  let leaving = false;
  const demo = (await allTenants(pools.app)).length > 0 && (await isDemo(pools.app));
  const server = await createServer({
    funnel,
    pool: pools.app,
    clock,
    identify: identifyWith(signIn),
    memberships: membershipsIn(pools.app, clock),
    signIn,
    address,
    demo: demo ? { people: () => demoPeople(pools.owner, registry) } : undefined,
    webFolder: join(root, ".build/web"),
    trustProxy: trustedProxy(process.env["HEARTWOOD_TRUST_PROXY"]),
    unsubscribe,
    log,
    metricsToken: process.env["HEARTWOOD_METRICS_TOKEN"],
    tracesTo: process.env["OTEL_EXPORTER_OTLP_ENDPOINT"],
    rates: ratePerUser ? { signedIn: ratePerUser } : undefined,
    isDiskFull: () => database.isDiskFull(),
    isLeaving: () => leaving,
  });
  const jobs = await startJobs({
    funnel,
    pool: pools.app,
    owner: pools.owner,
    sendMail,
    unsubscribeLink: unsubscribe.linkFor,
    houseWork: backups.work,
    log: (line, error) => logged(line)(error),
  });
  await server.listen({ port, host });
  await leaveWordForCli(demo);
  if (!demo) backups.first();
  stopOnSignal(async () => {
    leaving = true;
    await pause(drainSeconds * 1000);
    await closed(server);
    await jobs.stop();
    keys.stop();
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
    await database.stop();
    await backups.stop();
  });
  greet(demo, began);
}

function funnelOver(pool: Pool): Funnel {
  const funnel = createFunnel({
    pool,
    registry,
    clock,
    address,
    zoneOf: zonesIn(pool),
    onEvents: (tenantId) => settleEvents(funnel, tenantId).catch(logged("events")),
  });
  return funnel;
}

/** Who reads its answer too slowly does not keep the house from stopping. */
async function closed(server: Awaited<ReturnType<typeof createServer>>): Promise<void> {
  const patience = setTimeout(() => server.server.closeAllConnections(), stopPatienceMilliseconds);
  await server.close();
  clearTimeout(patience);
}

function mailServer(): SendMail | undefined {
  const url = process.env["SMTP_URL"];
  return url ? smtpMail(url, process.env["MAIL_FROM"] ?? "heartwood@localhost") : undefined;
}

async function openStore(secret: string, logSeconds: number | undefined) {
  const url = process.env["DATABASE_URL"];
  const database = await openDatabase({
    dataFolder,
    migrationsFolder: migrationsFolder(root),
    url,
    secret,
    log: (line) => log.warn(line),
    logSeconds,
  });
  // A database elsewhere has its disk elsewhere.
  if (url === undefined) liveIn(dataFolder);
  const pools = { app: openPool(database.app, 16), owner: openPool(database.owner, 4), signIn: openPool(database.signIn, 8) };
  return { database, pools };
}

/** The secret that signs sessions, made once and kept in the data folder for this user only. */
async function keptSecret(): Promise<string> {
  const file = join(dataFolder, "secret");
  try {
    return await readFile(file, "utf8");
  } catch {
    await writeFile(file, randomBytes(32).toString("hex"), { mode: 0o600 });
    return readFile(file, "utf8");
  }
}

/** Without a mail server a line in the log says that the mail was not sent. */
async function signInOver(pool: Pool, secret: string, sendMail: SendMail | undefined): Promise<SignIn> {
  const breached = process.env["HEARTWOOD_BREACHED_PASSWORDS"];
  return createSignIn({
    pool,
    secret,
    isBreached: breached ? await breachedIn(breached) : undefined,
    previousSecret: process.env["HEARTWOOD_SECRET_PREVIOUS"],
    address,
    secureCookies: address.startsWith("https:"),
    sendMail: sendMail ?? (async (to) => log.warn(`No mail server is set; the mail to ${to.replace(/.*@/, "…@")} was not sent.`)),
  });
}

function zonesIn(pool: Pool): (tenantId: string) => Promise<string> {
  const zones = new Map<string, string>();
  return async (tenantId) => {
    if (!zones.has(tenantId)) {
      const { zone } = await rowsOn(pool).row<{ zone: string }>(
        sql`select zone from platform.tenant_account where tenant_id = ${tenantId}`,
      );
      zones.set(tenantId, zone);
    }
    return zones.get(tenantId)!;
  };
}

const isDemo = async (pool: Pool): Promise<boolean> =>
  (await rowsOn(pool).row<{ demo: boolean }>(sql`select exists (select from platform.tenant_account where is_demo) as demo`)).demo;

/** Where the command line finds the running house without any set-up; only this user can read it. */
async function leaveWordForCli(demo: boolean): Promise<void> {
  const file = join(dataFolder, "cli.json");
  await writeFile(file, JSON.stringify({ url: address, demo }), { mode: 0o600 });
  await chmod(file, 0o600);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write("\nStopping …\n");
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, "stopping");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}

function greet(demo: boolean, began: number): void {
  const lines = [
    "",
    `  Heartwood is ready at ${address}   (started in ${((Date.now() - began) / 1000).toFixed(1)} s)`,
    "",
    demo
      ? "  Sign in: open the address and choose whom to be; every demo person's password is «heartwood-demo»."
      : "  Sign in: open the address with your e-mail and password.",
    `  API reference ${address}/docs · command line: npx heartwood --help · Ctrl-C stops everything.`,
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`Heartwood did not start: ${(error as Error).message}\n`);
  if (process.env["LOG_LEVEL"]) process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(1);
});
