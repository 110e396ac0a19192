// A link in a mail that lets its reader do one thing once, without signing in: the department that gives it out says what it shows and
// what a press of its buttons runs. Looking at it changes nothing, for mail programs look at every link.
import type { Id } from "../../kernel/id.ts";
import type { ReadContext } from "./context.ts";

/** What is shown before anything is done. */
export interface LinkPage {
  readonly title: string;
  /** What is known about it, in words, line by line. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly buttons: readonly { readonly value: string; readonly title: string }[];
  /** What the text beside the buttons is for. */
  readonly asks: string;
  /** Whose link it is, and the operation that a button runs as them with `{ token, choice, reason }`. */
  readonly userId: Id;
  readonly operation: string;
}

export interface LinkDoor {
  /** Undefined when the link was not made by us, has been used, or came too late. */
  look(token: string, context: ReadContext): Promise<LinkPage | undefined>;
}

export const linkPath = "/api/v1/link";
