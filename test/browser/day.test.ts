// A working day in the browser: the accountant imports a statement from the bank and matches it; HR accepts an offer, and the owners
// of its steps do theirs, until the timeline says so.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { act, colleagues, goOn, open, rowsOf, shoot, statesOf } from "./browser.ts";

const as = colleagues();

const camt = (iban: string, opening: string, closing: string, amount: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>DAY</MsgId></GrpHdr>
<Stmt><Id>DAY-1</Id><ElctrncSeqNb>2</ElctrncSeqNb><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
${[
  ["OPBD", opening],
  ["CLBD", closing],
]
  .map(
    ([code, sum]) =>
      `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>` +
      `<Amt Ccy="EUR">${sum}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>TODAY</Dt></Dt></Bal>`,
  )
  .join("\n")}
<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>TODAY</Dt></BookgDt><ValDt><Dt>TODAY</Dt></ValDt>
<AcctSvcrRef>DAY-REF-1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>Deposit, thank you</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>`;

test("the accountant imports a statement: the proof is shown first, a second import adds nothing, a wrong total is refused", async () => {
  const page = await as("tomas.keller");
  const { today } = (await (await page.request.get("/api/v1/me")).json()) as { today: string };
  const [bank] = await rowsOf(page, "finance/bank-accounts");
  const [last] = await rowsOf(page, "finance/bank-statements?limit=1");
  const { amount } = last!["closing"] as { amount: string };
  const cents = BigInt(amount.replace(".", "")) + 12_345n;
  const closing = `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
  const text = camt(String(bank!["number"]), amount, closing, "123.45").replaceAll("TODAY", today);
  const [good, wrong] = [join(inject("dataFolder"), "day.xml"), join(inject("dataFolder"), "wrong.xml")];
  await writeFile(good, text);
  await writeFile(wrong, text.replace(">123.45<", ">123.46<"));

  const statements = async (): Promise<number> => (await rowsOf(page, "finance/bank-statements?limit=200")).length;
  const before = await statements();
  await open(page, "/finance/reconciliation");
  const panel = page.getByRole("region", { name: "Check before importing" });
  const choose = (file: string): Promise<void> => page.locator("input[type=file]").first().setInputFiles(file);

  await choose(wrong);
  await panel.getByRole("alert").waitFor();
  expect(await panel.textContent()).toMatch(/123\.46/);
  expect(await statements()).toBe(before);
  await shoot(page, "reconciliation-refused");

  await open(page, "/finance/reconciliation");
  await choose(good);
  await panel.getByRole("button", { name: "Import 1 line" }).click();
  await expect.poll(statements, { timeout: 15_000 }).toBe(before + 1);

  await open(page, "/finance/reconciliation");
  await choose(good);
  await panel.getByText("Everything in this file was imported before.").waitFor();
  expect(await statements()).toBe(before + 1);
  await page.context().close();
});

test("HR accepts an offer, and each owner's step closes by its fact", async () => {
  const hr = await as("nadia.petrov");
  const offer = (await rowsOf(hr, "people/offers?limit=50")).find((row) => row["state"] === "sent")!;
  const personId = String(offer["personId"]);
  await open(hr, `/r/people/offer/${String(offer["id"])}`);
  await act(hr, "Accept the offer");

  await goOn(hr, "/process/under-way");
  const runs = await rowsOf(hr, "process/runs?limit=50");
  const run = runs.find((row) => row["personId"] === personId && row["process"] === "hire")!;
  await goOn(hr, `/process/runs/${String(run["id"])}`);
  await hr.locator("main").getByText("Contract").first().waitFor();
  const [contract] = (await rowsOf(hr, "people/contracts?limit=100")).filter(
    (row) => row["personId"] === personId && row["state"] === "sent",
  );
  await goOn(hr, `/r/people/contract/${String(contract!["id"])}`);
  await act(hr, "Sign the contract");

  const it = await as("erik.hansen");
  await open(it, `/do/it.account.openNeeded?personId=${personId}`);
  await it.locator("main form button[type=submit]").click();
  const state = async (key: string): Promise<unknown> => (await statesOf(hr, String(run["id"])))[key];
  await expect.poll(() => state("accounts"), { timeout: 15_000 }).toBe("done");
  expect(await state("contract")).toBe("done");
  expect(await state("laptop")).toBe("open");

  await goOn(hr, `/process/runs/${String(run["id"])}`);
  await shoot(hr, "hire-timeline");
  await hr.context().close();
  await it.context().close();
});
