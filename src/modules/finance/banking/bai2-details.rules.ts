// The text of a BAI2 payment: free words, and what some banks put into lines of their own, each named by four letters.
import type { EntryDraft } from "./statement.ts";

type Details = Pick<EntryDraft, "remittanceText" | "endToEndId" | "counterpartyName" | "counterpartyAccount">;

/** EREF end-to-end reference, REMI remittance, CRNM and CACT the creditor, DBNM and DACT the debtor. */
const tagged = /^([A-Z]{4}):\s*(.*)$/;

/** @param isDebit money went out, so the other side is the creditor. */
export function bai2Details(text: string, isDebit: boolean): Details {
  const words: string[] = [];
  const tags = new Map<string, string>();
  for (const line of text.split("\n").map((one) => one.trim())) {
    const parts = tagged.exec(line);
    if (parts && parts[2]) tags.set(parts[1]!, parts[2]);
    if (line !== "" && !parts) words.push(line);
  }
  const remittance = tags.get("REMI");
  return {
    remittanceText: [...words, ...(remittance && !words.some((one) => one.includes(remittance)) ? [remittance] : [])].join("\n"),
    endToEndId: tags.get("EREF"),
    counterpartyName: tags.get(isDebit ? "CRNM" : "DBNM"),
    counterpartyAccount: tags.get(isDebit ? "CACT" : "DACT")?.replace(/\s+/g, ""),
  };
}
