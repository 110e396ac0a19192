// The bank's answers: a payment rejected by a status report has failed, a file rejected as a whole too, and a return takes back.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { storedFile } from "../banking/banking.testing.ts";
import { readAnswers } from "./answer.rules.ts";
import { readPaymentAnswer } from "./answer.operations.ts";
import { approvePaymentRun, submitPaymentRun } from "./approve.operations.ts";
import { filePaymentRun, sendPaymentRun } from "./file.operations.ts";
import { createPaymentRun } from "./run.operations.ts";
import { openPayingBooks, type PayingBooks } from "./run.testing.ts";
import { settlePaymentRun } from "./settle.operations.ts";

let books: PayingBooks;
beforeAll(async () => {
  books = await openPayingBooks();
});
afterAll(() => books.house.close());

const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 200 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const read = async (text: string) => run(readPaymentAnswer, { fileId: await storedFile(books, text) }, books.accountant);

const status = (inside: string): string =>
  `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">
    <CstmrPmtStsRpt>${inside}</CstmrPmtStsRpt></Document>`;
const reason = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed</AddtlInf></StsRsnInf>";

async function sent(count: number): Promise<{ id: Id; code: string }> {
  const supplierId = await books.supplier(`Payee ${count} ${Math.random()}`);
  await books.payTo(supplierId);
  const billIds = [];
  for (let index = 0; index < count; index++)
    billIds.push(await books.bill(supplierId, { paymentReference: index ? "RF18539007547034" : "A" }));
  const { id, code } = await run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds }, books.accountant);
  await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
  await run(approvePaymentRun, { paymentRunId: id }, books.second);
  await run(filePaymentRun, { paymentRunId: id }, books.accountant);
  await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
  return { id, code };
}

test("one payment is rejected, another comes back after it was settled, and a whole file is refused", async () => {
  const { id } = await sent(2);
  const [first, second] = await rowsOf("finance.paymentOrder.list", { paymentRunId: id });
  const rejected = (code: unknown) =>
    status(
      `<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>${String(code)}</OrgnlEndToEndId>
        <TxSts>RJCT</TxSts>${reason}</TxInfAndSts></OrgnlPmtInfAndSts>`,
    );
  const answer = await read(rejected(first!["code"]));
  expect(answer).toMatchObject({ payments: [{ reason: "Rejected by the bank, AC04, Account closed" }], unknown: 0 });
  await run(settlePaymentRun, { paymentRunId: id }, books.accountant);
  await expect(read(rejected(first!["code"]))).rejects.toMatchObject({ code: "answerKnown" });
  expect((await read(rejected(second!["code"]))).payments).toHaveLength(1);
  const states = (await rowsOf("finance.paymentOrder.list", { paymentRunId: id })).map((order) => order["state"]);
  expect(states).toEqual(["failed", "failed"]);
  const whole = await sent(2);
  const group = status(`<OrgnlGrpInfAndSts><OrgnlMsgId>${whole.code}</OrgnlMsgId><GrpSts>RJCT</GrpSts>${reason}</OrgnlGrpInfAndSts>`);
  expect((await read(group)).payments).toHaveLength(2);
  expect(await rowsOf("finance.paymentRun.list", { id: whole.id })).toMatchObject([{ state: "settled", failed: 2 }]);
  expect(await read(rejected("HWNOTOURS0000"))).toMatchObject({ payments: [], unknown: 1 });
  expect(await books.breaks()).toEqual([]);
});

test("a block of a file is rejected as a whole, and the other blocks of the file stay", async () => {
  const { id, code } = await sent(2);
  const block = (name: string) =>
    status(`<OrgnlPmtInfAndSts><OrgnlPmtInfId>${name}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>${reason}</OrgnlPmtInfAndSts>`);
  expect(await read(block(`${code}-2`))).toMatchObject({ payments: [], unknown: 1 });
  expect(await read(block("ANOTHER"))).toMatchObject({ payments: [], unknown: 1 });
  const answer = await read(block(`${code}-1`));
  expect(answer.payments.map((payment) => payment.reason)).toEqual(Array(2).fill("Rejected by the bank, AC04, Account closed"));
  expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ state: "settled", failed: 2 }]);
});

test("a payment's own reason comes before that of its block and of its file", () => {
  const one = `<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts>${reason}</TxInfAndSts>`;
  const file = "<OrgnlGrpInfAndSts><OrgnlMsgId>RUN</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>";
  const block = `<OrgnlPmtInfAndSts><OrgnlPmtInfId>RUN-2</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>${one}</OrgnlPmtInfAndSts>`;
  expect(readAnswers(status(file + block)).map(({ code, run, block: number }) => [code, run, number])).toEqual([
    ["E1", null, null],
    [null, "RUN", 2],
    [null, "RUN", null],
  ]);
});

test("the words of the bank are read in the encoding of the file", async () => {
  const { code } = await sent(1);
  const words = "<StsRsnInf><AddtlInf>Konto gelöscht</AddtlInf></StsRsnInf>";
  const text = status(`<OrgnlGrpInfAndSts><OrgnlMsgId>${code}</OrgnlMsgId><GrpSts>RJCT</GrpSts>${words}</OrgnlGrpInfAndSts>`);
  expect((await read(text)).payments).toMatchObject([{ reason: "Rejected by the bank, Konto gelöscht" }]);
});

test("what cannot be read is refused", async () => {
  const order = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn/></Document>';
  await expect(read(order)).rejects.toMatchObject({ code: "answerUnreadable", facts: { mistake: expect.stringContaining("pain.002") } });
  await expect(read("<Document>")).rejects.toMatchObject({ code: "answerUnreadable" });
  await expect(read("no file of a bank")).rejects.toMatchObject({ code: "answerUnreadable" });
});

test("a return of an ACH file names the trace it was sent under", () => {
  // The sample of moov-io/ach with one entry returned as R07; see nacha.rules.test.ts for the rest.
  const lines = [
    "101 231380104 1210428822304211201A094101Federal Reserve Bank   My Bank Name           AAAAAAAA",
    "5220ACME Corporation                    121042882 PPDPAYROLL         000000   1121042880000001",
    "622121042882123456789        0100000000ABC##jvkdjfuiwnWade Arnold             1121042880000001",
    "799R07099912340000015      09101298Authorization Revoked                       121042880000001",
    "82200000020012104288000000000000000100000000121042882                          121042880000001",
    "9000001000001000000020012104288000000000000000100000000                                       ",
  ];
  expect(readAnswers(lines.join("\n"))).toEqual([
    { code: null, trace: "099912340000015", run: null, block: null, reason: "Returned by the bank, R07" },
  ]);
});
