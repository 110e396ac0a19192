// Last week's statement from the bank, imported and not matched yet: customers who paid to the cent, one who paid too much, one who
// paid two invoices at once, a fee, and a payment nobody can place.
import { addDays, type Day } from "../../src/kernel/day.ts";
import { Money, sumMoney } from "../../src/kernel/money.ts";
import { known, type Story, tell } from "../story.ts";
import { bankNumber } from "./books.ts";

interface OpenItem {
  readonly party: string;
  readonly partyId: string;
  readonly reference: string;
  readonly direction: "receivable" | "payable";
  readonly open: { readonly amount: string; readonly currency: string };
}

interface Entry {
  readonly amount: Money;
  readonly name: string;
  readonly text: string;
  readonly day: Day;
}

export async function bankChapter(story: Story): Promise<void> {
  const accountant = "Tomas Keller";
  const asked = { filter: { state: "open|overdue" }, limit: 200, sort: "dueDay" };
  const { rows } = await tell<{ rows: OpenItem[] }>(story, "finance.openItem.list", asked, accountant);
  const entries = payments(rows, story.today);
  const balances = await tell<{ rows: { balance: { amount: string } }[] }>(story, "finance.bankAccount.list", {}, accountant);
  const opening = Money.parse(balances.rows[0]!.balance.amount, "EUR");
  const bytes = new TextEncoder().encode(camt(entries, opening, story.today));
  const fileId = await story.funnel.work(
    story.tenantId,
    (context) => context.writeFile("statement.xml", "application/xml", bytes),
    story.today,
  );
  await tell(story, "finance.bankStatement.import", { fileId, bankAccountId: known(story, "bank") });
}

function payments(items: readonly OpenItem[], today: Day): Entry[] {
  const open = (item: OpenItem): Money => Money.parse(item.open.amount, item.open.currency);
  const customers = items.filter((item) => item.direction === "receivable" && open(item).minor > 0n);
  // Those due last are in no payment run.
  const bills = items.filter((item) => item.direction === "payable" && open(item).minor > 0n).slice(-3);
  const [first, second, third, fourth, fifth, ...rest] = customers;
  const euro = (amount: string): Money => Money.parse(amount, "EUR");
  const entries: Entry[] = [];
  const add = (amount: Money, name: string, text: string, ago: number): void =>
    void entries.push({ amount, name, text, day: addDays(today, -ago) });
  if (first) add(open(first), first.party.toUpperCase(), `Invoice ${first.reference} thank you`, 6);
  if (second) add(open(second), second.party, "Your delivery", 6);
  if (third) add(open(third).minus(euro("12.50")), third.party, `${third.reference} less charges`, 5);
  if (fourth) add(open(fourth), "", fourth.reference.replaceAll("-", ""), 5);
  if (fifth) add(open(fifth).plus(euro("100.00")), fifth.party, `${fifth.reference} plus deposit for the next order`, 4);
  const pair = rest.filter((item, _index, all) => all.filter((other) => other.partyId === item.partyId).length > 1);
  const both = pair.filter((item) => item.partyId === pair[0]?.partyId).slice(0, 2);
  if (both.length === 2) add(sumMoney(both.map(open), "EUR"), both[0]!.party, `${both[0]!.reference} and ${both[1]!.reference}`, 4);
  for (const item of rest.filter((one) => !both.includes(one)).slice(0, 6)) add(open(item), item.party, `Payment ${item.reference}`, 3);
  for (const bill of bills) add(open(bill).negated(), bill.party, `Your bill ${bill.reference}`, 3);
  add(euro("-14.90"), "", "Account fee", 2);
  add(euro("230.00"), "Unknown Ltd", "no reference", 2);
  return entries;
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]!);

/** ISO 20022 camt.053.001.02, as banks send it. */
function camt(entries: readonly Entry[], opening: Money, today: Day): string {
  const closing = entries.reduce((sum, entry) => sum.plus(entry.amount), opening);
  const amount = (money: Money): string =>
    `<Amt Ccy="EUR">${money.abs().amount}</Amt><CdtDbtInd>${money.minor < 0n ? "DBIT" : "CRDT"}</CdtDbtInd>`;
  const balance = (code: string, money: Money, day: Day): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(money)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
  const entry = ({ amount: money, name, text, day }: Entry, index: number): string => {
    const role = money.minor < 0n ? "Cdtr" : "Dbtr";
    const party = name ? `<RltdPties><${role}><Nm>${escaped(name)}</Nm></${role}></RltdPties>` : "";
    const details = `<NtryDtls><TxDtls>${party}<RmtInf><Ustrd>${escaped(text)}</Ustrd></RmtInf></TxDtls></NtryDtls>`;
    const days = `<BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt>`;
    return `<Ntry>${amount(money)}<Sts>BOOK</Sts>${days}<AcctSvcrRef>LB-${index + 1}</AcctSvcrRef>${details}</Ntry>`;
  };
  const account = `<Acct><Id><IBAN>${bankNumber}</IBAN></Id><Ccy>EUR</Ccy></Acct>`;
  const balances = balance("OPBD", opening, addDays(today, -7)) + balance("CLBD", closing, addDays(today, -1));
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>DEMO-1</MsgId></GrpHdr>
<Stmt><Id>DEMO-1</Id><ElctrncSeqNb>1</ElctrncSeqNb>${account}${balances}
${entries.map(entry).join("\n")}
</Stmt></BkToCstmrStmt></Document>
`;
}
