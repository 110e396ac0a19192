// Finds a record by what people call it, so that nobody has to type an identifier.
import { kebab } from "./arguments.ts";
import { Misuse } from "./answer.ts";
import type { Connection } from "./connection.ts";
import type { Reference, RegisterEntry } from "./reference.ts";

/** Columns by which a record may be called besides its label. */
const callings = ["code", "number", "key", "tag", "email", "reference"];

type Row = Readonly<Record<string, unknown>>;

export class Records {
  private readonly reference: Reference;
  private readonly connection: Connection;
  private known: Promise<{ today: string; personId: string | null }> | undefined;

  constructor(reference: Reference, connection: Connection) {
    this.reference = reference;
    this.connection = connection;
  }

  me(): Promise<{ today: string; personId: string | null }> {
    this.known ??= this.connection.json({ method: "GET", path: "/api/v1/me" }) as Promise<{ today: string; personId: string | null }>;
    return this.known;
  }

  /** @throws Misuse when nothing, or more than one thing, is called so. */
  async idOf(name: string, called: string): Promise<string> {
    const register = this.reference.registers.get(name);
    if (!register) return called;
    if (called === "me" && name === "directory.person") {
      const { personId } = await this.me();
      if (personId) return personId;
      throw new Misuse("You are a user, but nobody of the directory. Name a person.");
    }
    const columns = [register.label, ...callings.filter((column) => column !== register.label && hasColumn(register, column))];
    for (const column of columns) {
      const found = await this.rowsWhere(register, column, called);
      if (found.length > 1) throw ambiguous(register, column, called, found);
      if (found[0]) return String(found[0]["id"]);
    }
    const near = await this.rowsLike(register, called);
    const same = near.filter((row) => String(row[register.label]).toLowerCase() === called.toLowerCase());
    if (same.length > 1) throw ambiguous(register, register.label, called, same);
    if (same[0]) return String(same[0]["id"]);
    const told = near.slice(0, 5).map((row) => String(row[register.label]));
    const hint = told.length > 0 ? ` Near: ${told.join(", ")}.` : "";
    throw new Misuse(`Nothing in ${register.title} is called "${called}".${hint} See: heartwood ${commandOf(register)}`);
  }

  private async rowsWhere(register: RegisterEntry, column: string, called: string): Promise<Row[]> {
    // These signs mean something in a filter, so such a name is searched for and compared here.
    if (/^[<>!~]|\|/.test(called) || called === "") {
      return (await this.rowsLike(register, called)).filter((row) => row[column] === called);
    }
    return this.rows(register, { [`filter[${column}]`]: called, limit: "5" });
  }

  private rowsLike(register: RegisterEntry, called: string): Promise<Row[]> {
    return this.rows(register, { [`filter[${register.label}]`]: `~${called}`, limit: "50" });
  }

  private async rows(register: RegisterEntry, query: Record<string, string>): Promise<Row[]> {
    const asked = { method: "GET" as const, path: register.path, query: new URLSearchParams(query) };
    return ((await this.connection.json(asked)) as { rows: Row[] }).rows;
  }
}

const hasColumn = (register: RegisterEntry, name: string): boolean =>
  register.columns.some((column) => column.name === name && column.kind === "text");

const commandOf = ({ name }: RegisterEntry): string => [...name.split(".").map(kebab), "list"].join(" ");

function ambiguous(register: RegisterEntry, column: string, called: string, found: readonly Row[]): Misuse {
  const lines = found.map((row) => `  ${String(row["id"])}  ${String(row[register.label])}`);
  return new Misuse(
    `Several records in ${register.title} have the ${column} "${called}". Use one of these identifiers:\n${lines.join("\n")}`,
  );
}
