// Judging an electronic invoice, ours or anybody's, without taking it in.
import { z } from "zod";
import { FileId } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BookName, booksOf } from "./judge.rules.ts";
import { readDocument, readRefusals } from "./read-xml.rules.ts";
import { VerdictRow, verdictOn } from "./verdict.ts";

export const judgeEInvoice = operation({
  name: "finance.eInvoice.judge",
  title: "Judge an e-invoice",
  does: "Reads an electronic invoice and says which rules of EN 16931, and of Peppol where it claims to follow them, it breaks.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    fileId: FileId.describe("UBL 2.1 Invoice or CreditNote, or UN/CEFACT CII; what it is, the content tells."),
    peppol: z.boolean().default(false).describe("Judge by Peppol BIS Billing 3 even if the document does not claim it."),
  }),
  output: z.object({
    syntax: z.enum(["ubl", "cii"]),
    specification: z.string().nullable(),
    number: z.string().nullable(),
    seller: z.string().nullable(),
    ...VerdictRow.shape,
  }),
  refuses: readRefusals,
  async run(input, context) {
    const file = await context.readFile(input.fileId);
    const document = readDocument(file.bytes);
    const { invoice } = document;
    const own = booksOf(invoice);
    const books: BookName[] = input.peppol && !own.includes("peppol") ? ["en16931", "peppol", "national"] : own;
    return {
      syntax: invoice.syntax,
      specification: invoice.specification ?? null,
      number: invoice.number ?? null,
      seller: invoice.seller?.name ?? invoice.seller?.tradingName ?? null,
      ...verdictOn(document, books),
    };
  },
});
