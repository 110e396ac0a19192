// How long a department keeps what it holds about a person, and by which law. Each department says so of its own tables; the dry run of an
// erasure, the erasure itself and what is erased later by itself are derived from it.
import type { Id } from "../../kernel/id.ts";
import { Sql } from "../database/sql.ts";
import type { ReadContext } from "./context.ts";

export interface KeptTable {
  /** The column that names the person, or a column and the table of the same class through which the person is found. */
  readonly person: string | readonly [column: string, through: string];
  /** A condition on the row `t`, in SQL: only such rows are of this class. */
  readonly where?: string;
  /** In SQL on the row `t`: the day from which the months count; null while its purpose goes on. */
  readonly ended: string;
  /** What goes when the day has come: the whole row, or these texts of it. */
  readonly erases: "row" | readonly string[];
  /** Columns that name files, whose content goes with it. */
  readonly files?: readonly string[];
  /** The column by which a row is called; `id` when left out. */
  readonly key?: string;
}

export interface Keeping {
  /** `module.class`, e.g. `people.employment`. */
  readonly name: string;
  readonly title: string;
  /** Why it is kept so long, with the law. */
  readonly law: string;
  readonly months: number;
  /** Whether the months count from the day itself or from the end of its year. */
  readonly from: "day" | "yearEnd";
  readonly tables: Readonly<Record<string, KeptTable>>;
  /** Subjects of operations beyond those of the tables, whose rows in the trail lose their content with it: `directory.person`. */
  readonly operations?: readonly string[];
  /** It is who the person is: it goes when nothing else about them must stay. */
  readonly isIdentity?: boolean;
}

/** A record that may not be erased, because it is in dispute. */
export interface HoldOn {
  readonly recordId: Id;
  readonly matter: string;
}

/** What is in dispute now; one module of the house knows. */
export type HoldsOn = (context: ReadContext) => Promise<readonly HoldOn[]>;

/** A word of a declaration of ours as SQL; never of input. */
export const declared = (text: string): Sql => new Sql([text], []);
