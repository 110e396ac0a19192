// The accountant's year on the screen, on one company's books: a year is opened, an invoice issued, the bank's statement imported and
// reconciled by keyboard, a bill entered, approved and paid in a run by two people, a month closed task by task with its depreciation,
// revaluation and tax return, and what was wrong in it corrected afterwards. In the end every law of the house holds.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, inject, test, vi } from "vitest";
import { act, choose, colleagues, expectAccessible, fillPage, open, rowsOf, sendForm, settled, shoot } from "./browser.ts";

const as = colleagues();
type Person = Awaited<ReturnType<typeof as>>;
type Row = Record<string, unknown>;

const iban = "DE75512108001245126199";
const bankName = "Second account";
/** The machine may be busy with much else; the close alone is some sixty requests of two people. */
const patience = { timeout: 30_000 };
vi.setConfig({ testTimeout: 600_000 });

let accountant: Person;
let head: Person;
let today: string;

beforeAll(async () => {
  [accountant, head] = [await as("tomas.keller"), await as("ingrid.sommer")];
  ({ today } = await told<{ today: string }>("me"));
});

async function told<T>(path: string): Promise<T> {
  const answer = await head.request.get(`/api/v1/${path}`);
  expect(answer.status(), path).toBe(200);
  return (await answer.json()) as T;
}

const listed = (path: string): Promise<Row[]> => rowsOf(head, path);
const amountOf = (row: Row, column: string): string => (row[column] as { amount: string }).amount;
const idAt = (page: Page): string => new URL(page.url()).pathname.split("/").at(-1)!;
const centsOf = (amount: string): bigint => BigInt(amount.replace(".", ""));
const euros = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;

/** Types with the keyboard alone: what is in the field now is replaced. */
async function type(page: Page, ...words: readonly string[]): Promise<void> {
  for (const word of words) {
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
  }
}

/** One invoice, written and issued without the mouse: the customer's field has the focus, Enter goes on, Control and Enter issue. */
async function invoiceTo(customer: string, description: string, price: string): Promise<Row> {
  await open(accountant, "/finance/invoice");
  await expect
    .poll(() => accountant.evaluate(() => document.activeElement?.getAttribute("placeholder") ?? ""), patience)
    .toMatch(/customers/);
  await accountant.keyboard.type(customer);
  await accountant.getByRole("option", { name: customer }).first().waitFor();
  await accountant.keyboard.press("Enter");
  await accountant.getByLabel("Description, line 1").focus();
  await type(accountant, description, "2", price);
  // The document beside the form has counted it.
  await accountant.locator(".hw-invoice-side").getByText(description).waitFor();
  await accountant.keyboard.press("Control+Enter");
  await accountant.waitForURL(/\/r\/finance\/invoice\//);
  return told<Row>(`finance/invoices/${idAt(accountant)}`);
}

interface Entry {
  readonly cents: bigint;
  readonly name: string;
  readonly text: string;
}

/** The statement of this number, which goes on from what the one before it closed with. */
function camt(entries: readonly Entry[], number = 1, opening = 0n): string {
  const money = (cents: bigint): string =>
    `<Amt Ccy="EUR">${euros(cents < 0n ? -cents : cents)}</Amt><CdtDbtInd>${cents < 0n ? "DBIT" : "CRDT"}</CdtDbtInd>`;
  const day = `<Dt>${today}</Dt>`;
  const balance = (code: string, cents: bigint): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${money(cents)}<Dt>${day}</Dt></Bal>`;
  const entry = ({ cents, name, text }: Entry, index: number): string => {
    const role = cents < 0n ? "Cdtr" : "Dbtr";
    const party = name ? `<RltdPties><${role}><Nm>${name}</Nm></${role}></RltdPties>` : "";
    return (
      `<Ntry>${money(cents)}<Sts>BOOK</Sts><BookgDt>${day}</BookgDt><ValDt>${day}</ValDt>` +
      `<AcctSvcrRef>BOOKS-${number}-${index}</AcctSvcrRef><NtryDtls><TxDtls>${party}` +
      `<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
    );
  };
  const closing = entries.reduce((sum, { cents }) => sum + cents, opening);
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>BOOKS-${number}</MsgId></GrpHdr>
<Stmt><Id>BOOKS-${number}</Id><ElctrncSeqNb>${number}</ElctrncSeqNb><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
${balance("OPBD", opening)}${balance("CLBD", closing)}${entries.map(entry).join("\n")}</Stmt></BkToCstmrStmt></Document>`;
}

test("the head of finance opens the next year and a second bank account", async () => {
  const before = await listed("finance/fiscal-years?limit=50");
  await fillPage(head, "/do/finance/fiscalYear/create", async () => undefined);
  const years = await listed("finance/fiscal-years?limit=50");
  expect(years).toHaveLength(before.length + 1);
  const newest = years.toSorted((a, b) => String(b["untilDay"]).localeCompare(String(a["untilDay"])))[0]!;
  expect(newest).toMatchObject({ state: "open", periods: 12, openPeriods: 12 });

  await fillPage(head, "/do/finance/bankAccount/create", async (form) => {
    await form.getByLabel("Code", { exact: false }).first().fill("SECOND");
    await form.getByLabel("Name", { exact: false }).first().fill(bankName);
    await form.getByLabel("Number", { exact: false }).first().fill(iban);
  });
  expect((await listed("finance/bank-accounts?limit=50")).map((row) => row["name"])).toContain(bankName);
});

test("invoices are issued without the mouse, the statement is imported and every line reconciled by keyboard", async () => {
  const exact = await invoiceTo("Nordkap Marine", "Lenses for the books", "1234.50");
  const short = await invoiceTo("Helios Labortechnik", "Coatings for the books", "987.65");
  expect([exact["state"], short["state"]]).toEqual(["open", "open"]);
  await expectAccessible(accountant);

  const due = (row: Row): bigint => centsOf(amountOf(row, "total"));
  const entries: Entry[] = [
    { cents: due(exact), name: "NORDKAP MARINE AS", text: `Invoice ${String(exact["number"])}` },
    { cents: due(short) - 1250n, name: "Helios Labortechnik GmbH", text: `${String(short["number"])} less charges` },
    { cents: -1490n, name: "", text: "Account fee of the month" },
  ];
  const file = join(inject("dataFolder"), "books.xml");
  await writeFile(file, camt(entries));
  const bank = (await listed("finance/bank-accounts?limit=50")).find((row) => row["name"] === bankName)!;
  await open(accountant, `/finance/reconciliation?account=${String(bank["id"])}`);
  await accountant.locator("input[type=file]").first().setInputFiles(file);
  await accountant.getByRole("button", { name: "Import 3 lines" }).waitFor();
  await shoot(accountant, "books-import");
  // The proof has the focus: Enter keeps it, and the keys are the list's.
  await accountant.keyboard.press("Enter");
  const detail = accountant.locator(".hw-bankdetail");
  const title = (): Promise<string> => detail.locator("h2").innerText();
  const isAsked = (): Promise<void> => expect.poll(() => detail.locator(".mantine-Skeleton-root").count(), patience).toBe(0);
  await expect.poll(title, patience).toBe("NORDKAP MARINE AS");
  await detail.locator(".hw-candidate[data-best]").waitFor();
  expect(await detail.innerText()).toContain("100 of 100");
  await accountant.keyboard.press("Enter");
  await expect.poll(title, patience).toBe("Helios Labortechnik GmbH");
  await detail.locator("[data-settle-whole]:enabled").waitFor();
  await accountant.keyboard.press("f");
  await expect.poll(title, patience).toBe("No name given");
  await isAsked();
  await accountant.keyboard.press("a");
  await accountant.keyboard.type("bank charges");
  await accountant.getByRole("option", { name: "Bank charges" }).waitFor();
  await accountant.keyboard.press("Enter");
  await accountant.getByRole("option", { name: "Bank charges" }).waitFor({ state: "hidden" });
  await accountant.keyboard.press("Enter");
  await accountant.getByText("Every line is matched").waitFor();
  await shoot(accountant, "books-reconciled");

  const paid = await Promise.all([exact, short].map((row) => told<Row>(`finance/invoices/${String(row["id"])}`)));
  expect(paid.map((row) => row["state"])).toEqual(["paid", "paid"]);
  const reconciled = await told<Row>(`finance/bank-reconciliation?bankAccountId=${String(bank["id"])}`);
  expect(amountOf(reconciled, "unexplained")).toBe("0.00");
  const inBank = due(exact) + due(short) - 1250n - 1490n;
  expect([amountOf(reconciled, "bookBalance"), amountOf(reconciled, "statementBalance")]).toEqual([euros(inBank), euros(inBank)]);
});

/** Invoices of Atelier Lumière over these nets, issued; how they are written by hand is seen above. */
async function issued<K extends string>(nets: Readonly<Record<K, number>>): Promise<Record<K, { number: string; cents: bigint }>> {
  const customer = (await listed("directory/customers?search=Atelier"))[0]!;
  const invoices: Record<string, { number: string; cents: bigint }> = {};
  for (const [key, net] of Object.entries<number>(nets)) {
    const line = { description: "Windows", quantity: "1", unitPrice: { amount: `${net}.00`, currency: "EUR" }, taxCode: "standard" };
    const answer = await accountant.request.post("/api/v1/finance/invoices/issue", {
      data: { customerId: customer["id"], day: today, lines: [line] },
      headers: { origin: new URL(accountant.url()).origin },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    const row = await told<Row>(`finance/invoices/${((await answer.json()) as { id: string }).id}`);
    invoices[key] = { number: String(row["number"]), cents: centsOf(amountOf(row, "total")) };
  }
  return invoices;
}

const reconcile: Readonly<Record<string, (page: Page, detail: Locator) => Promise<unknown>>> = {
  /** Enter takes the best. */
  best: async (page, detail) => {
    await detail.locator(".hw-candidate[data-best]").waitFor();
    await page.keyboard.press("Enter");
  },
  part: async (page, detail) => {
    await detail.locator(".hw-candidate").first().waitFor();
    await page.keyboard.press("1");
  },
  whole: async (page, detail) => {
    await detail.locator("[data-settle-whole]:enabled").waitFor();
    await page.keyboard.press("f");
  },
  charge: async (page, detail) => {
    await page.keyboard.press("a");
    await detail.locator(".hw-toaccount input:focus").waitFor();
    await page.keyboard.type("bank charges");
    await page.locator("[data-combobox-selected]").filter({ hasText: "Bank charges" }).waitFor();
    await type(page, "");
    await detail.getByRole("button", { name: "Book", exact: false }).and(detail.locator(":enabled")).first().waitFor();
    await page.keyboard.press("Enter");
  },
  aside: async (page) => {
    await page.keyboard.press("x");
    const form = page.getByRole("dialog").locator("form");
    await form.locator("textarea:focus").waitFor();
    await page.keyboard.type("Not ours");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  },
};

test("a long statement of all kinds of lines is reconciled by keyboard, though the server answers late", async () => {
  const { a, b, c, d, e, f, g } = await issued({ a: 611, b: 723, c: 837, d: 941, e: 1053, f: 1171, g: 1283 });
  const name = "ATELIER LUMIERE";
  const paid = (text: string, cents: bigint, how: string) => ({ name, text, cents, how });
  const charge = (index: number) => ({ name: "", text: `Charge ${index}`, cents: BigInt(-311 - index), how: "charge" });
  const unknown = (index: number) => ({ name: "Nobody we know", text: `Unknown ${index}`, cents: BigInt(1901 + index), how: "aside" });
  const entries = [
    charge(1),
    paid(`Invoice ${a.number}`, a.cents, "best"),
    charge(2),
    charge(3),
    unknown(1),
    charge(4),

    paid(`${b.number} and ${c.number}`, b.cents + c.cents, "best"),
    charge(5),
    paid(`${d.number} net of fees`, d.cents - 1250n, "whole"),
    charge(6),
    charge(7),
    paid(`Half of ${e.number}`, e.cents / 2n, "part"),
    unknown(2),
    unknown(3),
    charge(8),
    charge(9),
    paid(`For ${f.number}`, f.cents, "best"),
    paid(`For ${g.number}`, g.cents, "best"),
    charge(10),
    charge(11),
    unknown(4),
    charge(12),
  ];
  const bank = (await listed("finance/bank-accounts?limit=50")).find((row) => row["name"] === bankName)!;
  const get = (): Promise<Row> => told<Row>(`finance/bank-reconciliation?bankAccountId=${String(bank["id"])}`);
  const file = join(inject("dataFolder"), "books-2.xml");
  await writeFile(file, camt(entries, 2, centsOf(amountOf(await get(), "statementBalance"))));
  await accountant.route(/finance\/accounts\?/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    await route.continue();
  });
  await open(accountant, `/finance/reconciliation?account=${String(bank["id"])}`);
  await accountant.locator("input[type=file]").first().setInputFiles(file);
  await accountant.getByRole("button", { name: `Import ${entries.length} lines` }).waitFor();
  await accountant.keyboard.press("Enter");
  const detail = accountant.locator(".hw-bankdetail");
  const left = new Map(entries.map((entry) => [entry.text, entry.how]));
  while (left.size > 0) {
    const shown = (): Promise<string> => detail.locator(".hw-bankdetail-text").innerText();
    await expect.poll(async () => (left.has(await shown()) ? "" : `stopped at ${await shown()}`), patience).toBe("");
    const text = await shown();
    await reconcile[left.get(text)!]!(accountant, detail);
    left.delete(text);
  }
  await accountant.getByText("Every line is matched").waitFor();
  await accountant.unrouteAll({ behavior: "wait" });
  const reconciled = await get();
  expect([reconciled["open"], amountOf(reconciled, "unexplained")]).toEqual([0, "0.00"]);
  const charges = entries.reduce((sum, { how, cents }) => (how === "charge" ? sum + cents : sum), 0n);
  const lines = await listed(`finance/bank-lines?filter[bankAccountId]=${String(bank["id"])}&filter[state]=ignored&limit=50`);
  expect(lines.map((line) => line["text"]).toSorted()).toEqual(["Unknown 1", "Unknown 2", "Unknown 3", "Unknown 4"]);
  const booked = await listed(`finance/bank-lines?filter[bankAccountId]=${String(bank["id"])}&filter[state]=posted|matched&limit=50`);
  const onAccount = booked.filter((line) => String(line["text"]).startsWith("Charge "));
  expect(onAccount.reduce((sum, line) => sum + centsOf(amountOf(line, "amount")), 0n)).toBe(charges);
});

test("a table is looked through, corrected under its own name, and brought in once", async () => {
  const file = join(inject("dataFolder"), "old-invoices.csv");
  const write = (day: string): Promise<void> =>
    writeFile(file, `number,customer,date,description,price,tax\nOLD-1,Polaris Drones GmbH,${day},Taken over,77.00,standard\n`);
  const before = (await listed("finance/invoices?filter[text]=No. OLD-1")).length;
  await open(head, "/finance/import?kind=invoices");
  await head.getByText("unitPrice", { exact: true }).waitFor();
  await write("2026-02-30");
  await head.setInputFiles("input[type=file]", file);
  await head.getByText("“2026-02-30” is no day such as 2026-03-31.").waitFor();
  expect(await head.getByRole("button", { name: /^Bring in/ }).count()).toBe(0);
  await write(today);
  await head.setInputFiles("input[type=file]", file);
  await head.getByRole("button", { name: "Bring in 1 invoice" }).click();
  await head.getByText("Brought in: 1 invoice").waitFor();
  await shoot(head, "books-import");
  expect((await listed("finance/invoices?filter[text]=No. OLD-1")).length).toBe(before + 1);

  await head.getByRole("button", { name: "Bring in another file" }).click();
  await head.setInputFiles("input[type=file]", file);
  await head.getByText(/^OLD-1 was brought over before, as INV-/).waitFor();
  expect(await head.getByRole("button", { name: /^Bring in \d/ }).count()).toBe(0);
  expect((await listed("finance/invoices?filter[text]=No. OLD-1")).length).toBe(before + 1);
});

test("a bill is entered with its paper side by side and approved by another", async () => {
  await open(accountant, "/finance/bill/new");
  await choose(accountant.locator(".hw-bill"), "Supplier", "Carbide Tools");
  await accountant.getByLabel("Bill number").fill("BOOKS-4711");
  await accountant
    .getByLabel(/Description, line 1|Description/)
    .first()
    .fill("Diamond tools");
  await accountant.locator('tr:first-child [data-col="account"]').first().fill("5110");
  await accountant.keyboard.press("Enter");
  await accountant.locator('tr:first-child [data-col="net"]').first().fill("400.00");
  await shoot(accountant, "books-bill");
  await accountant.keyboard.press("Control+Enter");
  await accountant.waitForURL(/\/r\/finance\/bill\//);
  const billId = idAt(accountant);
  expect(amountOf(await told<Row>(`finance/bills/${billId}`), "total")).toBe("476.00");

  await open(head, `/r/finance/bill/${billId}`);
  await act(head, "Approve a bill");
  await open(accountant, `/r/finance/bill/${billId}`);
  await act(accountant, "Post a bill");
  expect(await told<Row>(`finance/bills/${billId}`)).toMatchObject({ state: "open" });
});

test("the bill is paid in a run that two people let go, and the bank's file is there", async () => {
  const bill = (await listed("finance/bills?search=BOOKS-4711"))[0]!;
  // The company's own account stands in the form already.
  await fillPage(accountant, `/do/finance/paymentRun/create?billIds=${String(bill["id"])}`, async () => undefined);
  const run = (await listed("finance/payment-runs?filter[state]=draft"))[0]!;
  expect([run["bills"], amountOf(run, "total")]).toEqual([1, "476.00"]);
  const path = `/finance/payment-runs/${String(run["id"])}`;
  const state = async (): Promise<unknown> => (await told<Row>(`finance/payment-runs/${String(run["id"])}`))["state"];

  await open(accountant, path);
  await act(accountant, "Submit for approval");
  expect(await accountant.locator("main").getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
  await open(head, path);
  await act(head, "Approve");
  await act(head, "Write the file");
  await head.getByRole("link", { name: "Download the file" }).waitFor();
  const file = await head.request.get((await head.getByRole("link", { name: "Download the file" }).getAttribute("href"))!);
  expect(await file.text()).toMatch(/pain\.001\.001\.\d\d[\s\S]*476\.00/);
  await act(head, "Mark as sent");
  await expect.poll(state, patience).toBe("sent");
  await shoot(head, "books-run");
  await head.getByRole("button", { name: "Settle 1 payment" }).click();
  await expect.poll(async () => (await told<Row>(`finance/bills/${String(bill["id"])}`))["state"], patience).toBe("paid");
});

interface Task {
  readonly key: string;
  readonly state: string;
  readonly factHolds: boolean | null;
  readonly blockedBy: readonly string[];
}

interface Board {
  readonly periodId: string;
  readonly state: string;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly tasks: readonly Task[];
}

const boardOf = (periodId: string): Promise<Board> => told<Board>(`finance/close-board?periodId=${periodId}`);
const ofHead = /^lock|^tax$|^review$|^close$/;

/** What a task still lacks is done from the board (g), then it is ticked off (Enter). */
async function doTask(board: Board, task: Task): Promise<void> {
  const person = ofHead.test(task.key) ? head : accountant;
  await open(person, `/finance/close?periodId=${board.periodId}`);
  const item = person.locator(`[data-task="${task.key}"]`);
  const now = async (): Promise<Task> => (await boardOf(board.periodId)).tasks.find((one) => one.key === task.key)!;
  await item.focus();
  if (task.factHolds === false) {
    await person.keyboard.press("g");
    await sendForm(person);
    await expect.poll(async () => (await now()).factHolds, patience).toBe(true);
    await settled(person);
  }
  if ((await now()).state === "done") return;
  await item.focus();
  await person.keyboard.press("Enter");
  await expect.poll(async () => (await now()).state, { ...patience, message: task.key }).toBe("done");
}

test("the month is closed task by task: depreciation, revaluation, tax return, locks", async () => {
  let board = await told<Board>("finance/close-board");
  const { periodId } = board;
  await open(head, "/finance/tax-return");
  await head.getByRole("button", { name: "81 tax", exact: true }).click();
  await head.getByRole("table").last().getByText("INV-").first().waitFor();
  await shoot(head, "books-tax-drill");
  for (;;) {
    const open = board.tasks.filter((task) => task.state === "open" && task.blockedBy.length === 0);
    if (open.length === 0) break;
    for (const task of open) await doTask(board, task);
    board = await boardOf(periodId);
  }
  expect(board.tasks.filter((task) => task.state !== "done")).toEqual([]);
  expect(board.state).toBe("closed");
  await shoot(head, "books-closed");
  const runs = await listed("finance/depreciation-runs?limit=50");
  expect(runs.map((row) => row["untilDay"])).toContain(board.untilDay);
  expect((await listed("finance/revaluations?limit=50")).map((row) => row["day"])).toContain(board.untilDay);
  expect((await listed("finance/filed-returns?limit=50")).map((row) => row["untilDay"])).toContain(board.untilDay);
});

test("what was wrong in the closed month is corrected in the next, and the closed figures stay to the byte", async () => {
  const [last] = (await listed("finance/periods?filter[state]=closed&sort=-fromDay&limit=1")) as { fromDay: string; untilDay: string }[];
  const span = `from=${last!.fromDay}&to=${last!.untilDay}`;
  const reports = (): Promise<unknown[]> =>
    Promise.all([
      told(`finance/profit-and-loss?${span}`),
      told(`finance/balance-sheet?asOf=${last!.untilDay}`),
      told(`finance/tax-return?${span}`),
    ]);
  const before = await reports();
  const bill = (await listed("finance/bills?search=PS-20466"))[0]!;
  await open(head, `/r/finance/bill/${String(bill["id"])}`);
  await act(head, "Reverse a bill", (form) => form.getByLabel("Reason").fill("The boards went back to the supplier."));
  await expect.poll(async () => (await told<Row>(`finance/bills/${String(bill["id"])}`))["state"], patience).toBe("reversed");
  expect(await reports()).toEqual(before);

  // From the figure to its lines, from a line to its entry.
  await open(head, "/finance/profit-and-loss");
  await head.locator("main table").getByRole("link").first().click();
  await head.waitForURL(/\/finance\/ledger/);
  await settled(head);
  await shoot(head, "books-drill");
});

/** What a second legal entity needs: itself, and its books. */
async function secondBooks(name: string): Promise<string> {
  const owner = await as("helene.lindholm");
  await open(owner, "/");
  const made = async (who: Person, path: string, input: Row): Promise<string> => {
    const answer = await who.request.post(`/api/v1/${path}`, { data: input, headers: { origin: new URL(owner.url()).origin } });
    expect(answer.ok(), await answer.text()).toBe(true);
    return ((await answer.json()) as { id: string }).id;
  };
  const entity = { code: "SECOND", name: "Lindholm Zwei GmbH", country: "DE", currency: "EUR" };
  const legalEntityId = await made(owner, "directory/legal-entities", entity);
  return made(head, "finance/setups", { legalEntityId, name, currency: "EUR" });
}

test("a second set of books is worked in on the same screens, and what is posted in it is in no other", async () => {
  const name = "Books of the second entity";
  const bookId = await secondBooks(name);
  const [main] = (await listed("finance/books?filter[isMain]=true")) as { id: string; name: string }[];
  const before = await told(`finance/trial-balance?bookId=${main!.id}`);
  head.faults.length = 0; // A file brought in twice was refused above.

  await open(accountant, "/finance/reconciliation");
  await accountant.getByRole("combobox", { name: "Book to an account" }).fill("1110");
  await accountant.getByRole("option", { name: "1110" }).first().waitFor();
  expect(await accountant.getByRole("option", { name: "1110" }).count()).toBe(1);

  await open(head, "/finance/journal-entry");
  const choice = head.getByLabel("Books", { exact: true });
  await choice.selectOption({ label: name });
  await head.waitForURL(new RegExp(`bookId=${bookId}`));
  await settled(head);
  await head.locator("[data-col=head-text]").fill("Capital is paid in");
  for (const [line, code, side] of [
    [1, "1120", "Debit"],
    [2, "3110", "Credit"],
  ] as const) {
    await head.getByLabel(`Account, line ${line}`).fill(code);
    await head.getByRole("option", { name: code }).first().waitFor();
    expect(await head.getByRole("option", { name: code }).count()).toBe(1);
    await head.keyboard.press("Enter");
    await head.getByLabel(`${side}, line ${line}`).fill("25123.45");
  }
  await head.keyboard.press("Control+Enter");
  await head.waitForURL(/\/r\/finance\/journalEntry\//);

  // The next screen is about the same books; another choice stands in its address.
  await open(head, "/finance/trial-balance");
  await head.waitForURL(new RegExp(`bookId=${bookId}`));
  await head.getByText("25,123.45").first().waitFor();
  await expectAccessible(head);
  await shoot(head, "books-second");
  await choice.selectOption({ label: main!.name });
  await head.waitForURL(new RegExp(`bookId=${main!.id}`));
  await head.getByText("25,123.45").first().waitFor({ state: "detached" });
  expect(await told(`finance/trial-balance?bookId=${main!.id}`)).toEqual(before);
  expect(head.faults).toEqual([]);
});

test("every law of the house holds at the end", async () => {
  const owner = await as("helene.lindholm");
  const answer = await owner.request.get("/api/v1/platform/laws/check", { timeout: 90_000 });
  const { laws } = (await answer.json()) as { laws: { name: string; holds: boolean; breaks: string[] }[] };
  expect(laws.length).toBeGreaterThan(100);
  expect(laws.filter((law) => !law.holds)).toEqual([]);
});
