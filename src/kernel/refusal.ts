// A refusal is a declared, worded "no": the request was understood, and the rules of the house say no to it.
// It is never a fault (our bug) nor an outage (another system failing).

/** Where in the input the refusal belongs, as a path of keys and indexes, e.g. `["lines", 2, "amount"]`. */
export type InputPath = readonly (string | number)[];

export type RefusalFacts = Readonly<Record<string, unknown>>;

/** Thrown anywhere below an operation; the funnel turns it into a problem document (409 or 422) and exit code 2. */
export class Refusal extends Error {
  readonly code: string;
  readonly facts: RefusalFacts;
  readonly path: InputPath | undefined;

  constructor(code: string, message: string, facts: RefusalFacts = {}, path?: InputPath) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.facts = facts;
    this.path = path;
  }
}

/** Says a declared no; the funnel words it from the operation's own `refuses`. */
export function refuse(code: string, facts: RefusalFacts = {}, path?: InputPath): never {
  throw new Refusal(code, "", facts, path);
}

/** Fills `{name}` places of a sentence from facts; an unknown place stays as it is, so that a test can find it. */
export function word(sentence: string, facts: RefusalFacts): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = facts[name];
    return value === undefined || value === null ? place : String(value);
  });
}
