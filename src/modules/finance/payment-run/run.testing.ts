// Bills and suppliers' accounts for tests of payment runs.
import type { Actor } from "../../../platform/operation/context.ts";
import type { Id } from "../../../kernel/id.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { identifyBankAccount } from "../ledger/bank-account.operations.ts";
import { approveBill, createBill, postBill } from "../payables/bill.operations.ts";
import { approveSupplierBankAccount, proposeSupplierBankAccount } from "../payables/supplier-bank-account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";

export const iban = "DE02120300000000202051";
export const ownIban = "DE89370400440532013000";
const evidence = "Called Ms Roth on 040 555 12, the number of our contract; she read it back.";

export interface PayingBooks extends TestBooks {
  readonly owner: Actor;
  /** A second finance manager: the chief approves bills, the second approves runs. */
  readonly second: Actor;
  supplier(name: string): Promise<Id>;
  /** An approved account of a supplier, usable from a day long ago unless cooling off is wanted. */
  account(code: string): string;
  payTo(supplierId: Id, detail?: object, cooling?: boolean): Promise<Id>;
  /** A posted bill over net 100.00 and 19 percent. */
  bill(supplierId: Id, more?: object): Promise<Id>;
}

export async function openPayingBooks(): Promise<PayingBooks> {
  const books = await openBooks();
  const { house } = books;
  const owner = await house.person("Olga Owner", "owner");
  const second = await house.person("Sven Second", "finance.manager");
  await house.run(identifyBankAccount, { bankAccountId: books.bankAccountId, number: ownIban }, books.chief);
  let count = 0;
  return {
    ...books,
    owner,
    second,
    supplier: async (name) => {
      const { id } = await house.run(createOrganisation, { name }, owner);
      await house.run(addRole, { partyId: id, role: "supplier", from: "2026-01-01" }, owner);
      return id;
    },
    payTo: async (supplierId, detail = { iban }, cooling = false) => {
      const { today } = house;
      const { id } = await house.run(proposeSupplierBankAccount, { supplierId, ...detail }, books.accountant);
      await house.run(approveSupplierBankAccount, { supplierBankAccountId: id, evidence }, books.chief);
      if (!cooling) {
        await house.owner.query(`set heartwood.tenant = '${house.tenantId}'`);
        await house.owner.query("update finance.supplier_bank_account set usable_from = $1 where id = $2", [today, id]);
      }
      return id;
    },
    bill: async (supplierId, more = {}) => {
      const { id } = await house.run(
        createBill,
        {
          supplierId,
          supplierNumber: `RE-${++count}`,
          day: "2026-11-03",
          dueDay: "2026-11-24",
          lines: [{ description: "Paper", net: eur(`${100 + count}.00`), accountId: books.account("6540") }],
          ...more,
        },
        books.accountant,
      );
      await house.run(approveBill, { billId: id }, books.chief);
      await house.run(postBill, { billId: id }, books.accountant);
      return id;
    },
  };
}
