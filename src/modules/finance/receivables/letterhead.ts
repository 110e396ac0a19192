// Who writes to whom on paper: names and addresses as they are printed, and the account to pay to.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export interface PaperParty {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface Letterhead {
  readonly from: PaperParty;
  readonly to: PaperParty;
  readonly email: string | null;
  /** Where to pay: the first bank account whose number is known, one in the books' currency before others. */
  readonly account: string | null;
}

type PartyRow = { id: Id } & Record<"name" | "email" | "street" | "postcode" | "city" | "country" | "taxNumber", string | null>;

/** The letterheads of letters from these books to these parties, in two statements whatever their number. */
export async function letterheads(context: ReadContext, bookId: Id, partyIds: readonly Id[]): Promise<Map<Id, Letterhead>> {
  const { tenantId } = context;
  const book = await context.db.row<{ name: string; sellerId: Id | null; number: string | null; bic: string | null }>(sql`
    select b.name, n.party_id as seller_id, k.number, k.bic from finance.book b
    left join directory.legal_entity n on n.tenant_id = ${tenantId} and n.id = b.legal_entity_id
    left join lateral (
      select k.number, k.bic from finance.bank_account k
      where k.tenant_id = ${tenantId} and k.book_id = b.id and k.number is not null and k.retired_from is null
      order by k.currency <> b.currency, k.code limit 1) k on true
    where b.tenant_id = ${tenantId} and b.id = ${bookId}`);
  const rows = await context.db.rows<PartyRow>(sql`
    select id, name, email, street, postcode, city, country, tax_number from directory.party
    where tenant_id = ${tenantId} and id = any(${[...partyIds, ...(book.sellerId ? [book.sellerId] : [])]}::uuid[])`);
  const parties = new Map(rows.map((row) => [row.id, row]));
  const seller = book.sellerId ? parties.get(book.sellerId) : undefined;
  const from = seller ? onPaper(seller) : { name: book.name, lines: [] };
  const account = book.number ? `${book.number.replace(/(.{4})(?=.)/g, "$1 ")}${book.bic ? ` (${book.bic})` : ""}` : null;
  return new Map(
    partyIds.flatMap((id) => {
      const party = parties.get(id);
      return party ? [[id, { from, to: onPaper(party), email: party.email, account }] as const] : [];
    }),
  );
}

function onPaper(party: PartyRow): PaperParty {
  const town = [party.postcode, party.city].filter((part) => part !== null).join(" ");
  const tax = party.taxNumber ? `Tax number ${party.taxNumber}` : "";
  return { name: party.name!, lines: [party.street ?? "", town, party.country ?? "", tax].filter((line) => line !== "") };
}

/** The head of every letter in Typst: who writes, to whom, and the foot with its pages. */
export const letterTemplate = `
#let paper = json(bytes(sys.inputs.at("values")))
#set page(paper: "a4", margin: (x: 22mm, top: 25mm, bottom: 25mm), footer: [
  #set text(size: 8pt, fill: luma(90))
  #paper.from.name #h(1fr) #paper.number #h(1fr) #context counter(page).display("1 / 1", both: true)])
#set document(title: paper.title + " " + paper.number)
#set text(size: 10pt, lang: "en")
#let party(one) = [#strong(one.name) #for line in one.lines [#linebreak() #line]]
#align(right, party(paper.from))
#v(8mm)
#party(paper.to)
#v(12mm)
#text(size: 16pt, weight: "bold")[#paper.title #paper.number]
#v(2mm)
`;
