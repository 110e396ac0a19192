// For tests: statements written as a bank would, and files as if they had been uploaded.
import type { Id } from "../../../kernel/id.ts";
import { rowsOn } from "../../../platform/database/sql.ts";
import { writeStoredFile } from "../../../platform/files/store.ts";
import type { TestBooks } from "../testing/books.ts";

export interface ToldEntry {
  /** Signed: what went out begins with a minus. */
  readonly amount: string;
  readonly day?: string;
  readonly text?: string;
  readonly name?: string;
  readonly account?: string;
  /** The bank's own reference. */
  readonly reference?: string;
}

export interface ToldStatement {
  readonly iban: string;
  readonly id: string;
  /** The bank's running number of the statement. */
  readonly sequence?: string;
  readonly opening: string;
  readonly closing: string;
  readonly openingDay?: string;
  readonly closingDay?: string;
  readonly entries: readonly ToldEntry[];
  /** A camt.052 report during the day, without balances. */
  readonly isReport?: boolean;
}

const usualDay = "2026-11-10";

/** A camt.053 statement, or a camt.052 report, in EUR. */
export function camt(told: ToldStatement): string {
  const { isReport = false, openingDay = usualDay, closingDay = usualDay } = told;
  const [message, part, number] = isReport ? ["BkToCstmrAcctRpt", "Rpt", "052"] : ["BkToCstmrStmt", "Stmt", "053"];
  const balances = isReport ? "" : balance("OPBD", told.opening, openingDay) + balance("CLBD", told.closing, closingDay);
  const account = `<Acct><Id><IBAN>${told.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>`;
  const sequence = told.sequence ? `<ElctrncSeqNb>${told.sequence}</ElctrncSeqNb>` : "";
  const head = `<Id>${told.id}</Id>${sequence}<CreDtTm>${closingDay}T20:00:00</CreDtTm>${account}${balances}`;
  const body = `<GrpHdr><MsgId>M-${told.id}</MsgId></GrpHdr>\n<${part}>${head}\n${told.entries.map(entry).join("\n")}\n</${part}>`;
  const document = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${number}.001.02">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}<${message}>${body}</${message}></Document>`;
}

const parted = (amount: string) => ({ plain: amount.replace("-", ""), indicator: amount.startsWith("-") ? "DBIT" : "CRDT" });

function balance(code: string, amount: string, day: string): string {
  const { plain, indicator } = parted(amount);
  const type = `<Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>`;
  return `\n<Bal>${type}<Amt Ccy="EUR">${plain}</Amt><CdtDbtInd>${indicator}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function entry({ amount, day = usualDay, text, name, account, reference }: ToldEntry): string {
  const { plain, indicator } = parted(amount);
  const role = amount.startsWith("-") ? "Cdtr" : "Dbtr";
  const party = name ? `<${role}><Nm>${escaped(name)}</Nm></${role}>` : "";
  const number = account ? `<${role}Acct><Id><IBAN>${account}</IBAN></Id></${role}Acct>` : "";
  const parties = party || number ? `<RltdPties>${party}${number}</RltdPties>` : "";
  const remittance = text ? `<RmtInf><Ustrd>${escaped(text)}</Ustrd></RmtInf>` : "";
  const days = `<BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt>`;
  const own = reference ? `<AcctSvcrRef>${reference}</AcctSvcrRef>` : "";
  const details = `<NtryDtls><TxDtls>${parties}${remittance}</TxDtls></NtryDtls>`;
  return `<Ntry><Amt Ccy="EUR">${plain}</Amt><CdtDbtInd>${indicator}</CdtDbtInd><Sts>BOOK</Sts>${days}${own}${details}</Ntry>`;
}

export async function storedFile(books: TestBooks, content: string | Uint8Array): Promise<Id> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return writeStoredFile(rowsOn(books.house.owner as never), {
    tenantId: books.house.tenantId,
    userId: books.accountant.userId,
    now: new Date(),
    name: "statement",
    mediaType: "application/octet-stream",
    bytes,
  });
}
