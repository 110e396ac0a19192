// The noes that come from the funnel itself, before an operation is asked.
import type { z } from "zod";

export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The input does not fit its schema. */
export class InvalidInput extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map((mistake) => `${mistake.path.join(".") || "input"}: ${mistake.message}`).join("; "));
    this.name = "InvalidInput";
    this.mistakes = mistakes;
  }

  static from(error: z.ZodError): InvalidInput {
    return new InvalidInput(
      error.issues
        .slice(0, 50)
        .map((issue) => ({ path: issue.path.map((part) => (typeof part === "symbol" ? "" : part)), message: issue.message })),
    );
  }
}

/** Nobody is signed in. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
}

/** Signed in, but not permitted. */
export class NotPermitted extends Error {
  readonly operation: string;
  readonly needs: readonly string[];

  constructor(operation: string, needs: readonly string[]) {
    super(`You may not do this. It is done by: ${needs.join(", ")}.`);
    this.name = "NotPermitted";
    this.operation = operation;
    this.needs = needs;
  }
}

/** There is no such operation. */
export class UnknownOperation extends Error {
  override readonly name = "UnknownOperation";
}

/** Refusals that any operation may give without declaring them. */
export const houseRefusals: Readonly<Record<string, string>> = {
  notFound: "There is no such record, or it is not yours to see.",
  fileNotFound: "There is no such file, or it is not yours to read.",
  fileInfected: "The virus scanner found {found} in this file, so it was not taken in. Ask whoever it comes from for a clean one.",
  scannerSilent:
    "The virus scanner gives no verdict, so nothing can be taken in just now. Try again in a while; if it stays so, tell whoever runs " +
    "Heartwood.",
  idempotencyKeyReused: "The key {key} was used before for something else. Use a new key for a new wish.",
  needsApproval: "This includes «{title}», which has to be approved first. Ask for that by itself, then come back.",
  requesterGone: "Whoever wished for it can no longer sign in. Someone else has to ask for it.",
  selfApproval: "Nobody decides on their own wish. Someone else has to decide.",
};
