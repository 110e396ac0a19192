// Which columns a register shows at first, and what of the catalogue is read around its gaps.
import { describe, expect, it } from "vitest";
import { isNullable, kindOf, readCatalogue, wordsOf, type RegisterEntry } from "../catalogue.ts";
import { usualOf } from "./usual-columns.ts";

const column = (name: string, kind: string, ref?: string) => ({ name, title: name, kind, ref, nullable: false });
const invoices: RegisterEntry = {
  name: "finance.invoice",
  title: "Invoices",
  does: "",
  label: "number",
  inner: false,
  dated: false,
  searchable: true,
  columns: [
    column("id", "id"),
    column("number", "text"),
    column("customerId", "ref", "directory.party"),
    column("customer", "text"),
    column("day", "day"),
    column("dueDay", "day"),
    column("text", "longText"),
    column("net", "money"),
    column("tax", "money"),
    column("total", "money"),
    column("open", "money"),
    column("currency", "currency"),
    column("state", "enum"),
  ],
};

describe("the first columns of a register", () => {
  it("are its name, its state, whom and when it concerns, and what it comes to", () => {
    expect(usualOf(invoices)).toEqual(["number", "state", "customer", "day", "dueDay", "total", "open"]);
  });
});

describe("the catalogue", () => {
  it("knows the kind of a field that may be null, however that is written", () => {
    expect(kindOf({ type: ["string", "null"] })).toBe("text");
    expect(kindOf({ anyOf: [{ type: "string", "x-kind": "day" }, { type: "null" }] })).toBe("day");
    expect(isNullable({ type: ["integer", "null"] })).toBe(true);
    expect(isNullable({ type: "integer" })).toBe(false);
  });

  it("leaves out registers that this person may not list", () => {
    const read = readCatalogue({ modules: [], operations: [], registers: [invoices], roles: {}, titles: {} });
    expect(read.register("finance.invoice")).toBeUndefined();
  });

  it("puts names into words", () => {
    expect(wordsOf("dueDay")).toBe("Due day");
    expect(wordsOf("customerId")).toBe("Customer");
    expect(wordsOf("paid")).toBe("Paid");
  });
});
