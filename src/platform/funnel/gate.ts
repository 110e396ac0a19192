// The gate before every write of a person: the company's own rules may forbid it, or hold it back until others have agreed. The rules are a
// department's; the funnel only asks. Companies without rules have no stamp, and nothing is asked for them.
import type { Id } from "../../kernel/id.ts";
import { Refusal, word } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import type { WriteContext } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import { houseRefusals } from "./denial.ts";

export interface Gate {
  /** Whether there is a rule of the company about the operation, by the rules as they were at that stamp. */
  minds(operation: Operation, stamp: string, context: WriteContext): Promise<boolean>;
  /**
   * Refuses what the actor must not do, and stores what has to wait; nothing when it may go on. `tries` runs it and takes it back, so
   * that nobody is asked for what would be refused anyway.
   */
  holds(wish: GateWish, stamp: string, context: WriteContext): Promise<WaitsForApproval | undefined>;
  /** Whether the rules hold it back, for what is done on the way by another operation: that cannot wait halfway. */
  wouldHold(wish: Pick<GateWish, "operation" | "input">, stamp: string, context: WriteContext): Promise<boolean>;
}

export interface GateWish {
  readonly operation: Operation;
  readonly input: unknown;
  /** @throws what the operation throws. */
  readonly tries: () => Promise<unknown>;
}

interface WaitingFacts {
  /** The record under which it waits; none for a dry run, which keeps nothing. */
  readonly record: { readonly subject: string; readonly id: Id } | null;
  readonly title: string;
  readonly says: string;
  /** Whom it waits for now. */
  readonly waitsFor: readonly string[];
}

const mark = "waitsForApproval";

/** Not done and not refused: it waits for others to agree, and is done once they have. */
export class WaitsForApproval extends Error {
  readonly facts: WaitingFacts;

  constructor(facts: WaitingFacts) {
    super(facts.says);
    this.name = "WaitsForApproval";
    this.facts = facts;
  }

  /** As it goes over the wire and is kept under a key. */
  toJSON(): Readonly<Record<typeof mark, WaitingFacts>> {
    return { [mark]: this.facts };
  }

  /** Of an answer that was kept under a key. */
  static from(kept: unknown): WaitsForApproval | undefined {
    const facts = kept !== null && typeof kept === "object" && mark in kept ? (kept as Record<typeof mark, WaitingFacts>)[mark] : undefined;
    return facts && new WaitsForApproval(facts);
  }
}

/** Of what waits in a dry run nothing is kept, so there is no record to look at. */
export const withoutRecord = ({ facts }: WaitsForApproval): WaitsForApproval => new WaitsForApproval({ ...facts, record: null });

/** What one operation does by another cannot wait halfway. */
export function needsApproval(operation: Operation): Refusal {
  return new Refusal("needsApproval", word(houseRefusals["needsApproval"]!, { title: operation.title }), { operation: operation.name });
}

/** From now on every server reads the rules of this company's gate anew. */
export async function newStamp(context: WriteContext): Promise<void> {
  await context.db.run(sql`
    insert into platform.gate (tenant_id, stamp) values (${context.tenantId}, ${context.newId()})
    on conflict (tenant_id) do update set stamp = excluded.stamp`);
}
