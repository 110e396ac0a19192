// The declaration of an operation: one value from which every face of it is derived.
import type { z } from "zod";
import type { Id } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import type { Actor, ReadContext, ScopeKind, WriteContext } from "./context.ts";

/** A role by name, everyone signed in, or a person about themself. */
export type May =
  | string
  | {
      readonly says: string;
      readonly self: (input: never, context: ReadContext) => boolean | Promise<boolean>;
      /** Nobody does it by hand, not even the owner of the company. */
      readonly onlyHouse?: boolean;
    };

/** Every signed-in member of the company. */
export const anyone = "anyone";

/** Allows a person what concerns themself: `self("personId")` compares that field of the input with the actor. */
export const self = (field: string): May => ({
  says: "the person themself",
  self: (input, context) => context.actor.personId !== null && (input as Record<string, unknown>)[field] === context.actor.personId,
});

/** Allows by a question to the department's own data, e.g. the line manager of the person. */
export const whoever = <Input>(says: string, self: (input: Input, context: ReadContext) => boolean | Promise<boolean>): May => ({
  says,
  self: self as never,
});

/** Allows nobody: the house does it by itself once a second person has agreed. */
export const houseOnceAgreed: May = { says: "the house, once a second person has agreed", self: () => false, onlyHouse: true };

interface Common<Input extends z.ZodType, Output extends z.ZodType, Refusals extends Record<string, string>> {
  /** `module.subject.verb`, each in camelCase. */
  readonly name: string;
  readonly title: string;
  /** What it does, in a sentence, in the department's words. */
  readonly does: string;
  readonly may: readonly May[];
  readonly input: Input;
  readonly output: Output;
  /** The refusals it can give, in order of precedence, worded; `{place}` is filled from the facts. */
  readonly refuses?: Refusals;
  /** The register whose records it acts on. By default the subject of its name, when the input has `<subject>Id`. */
  readonly on?: string;
  /** Whether a record of `on` is in a state in which this may be done; the screen offers it only then. */
  readonly when?: (record: Readonly<Record<string, unknown>>) => boolean;
  /** What it leaves on a record's timeline is shown only to those who may do it: notes that the subject of a record never sees. */
  readonly insidersOnly?: boolean;
  /** Where it happens, for grants that hold only at one place. Without it a scoped grant does not suffice. */
  readonly at?: (input: z.output<Input>, context: ReadContext) => Promise<{ kind: ScopeKind; id: Id }[]>;
  /** An input that a newcomer could send, for the reference. */
  readonly example?: z.input<Input>;
  /** Names of the database constraints that stand behind a refusal, so that a lost race is worded like a plain no. */
  readonly constraints?: Readonly<Record<string, keyof Refusals & string>>;
}

export interface WriteDeclaration<I extends z.ZodType, O extends z.ZodType, R extends Record<string, string>> extends Common<I, O, R> {
  readonly kind: "write";
  readonly emits?: readonly string[];
  /** Fields of the output that are shown once and kept nowhere, such as a token. */
  readonly hides?: readonly string[];
  /** Shows what will be booked before it is done: for everything that posts or pays. */
  readonly previews?: boolean;
  run(input: z.output<I>, context: WriteContext): Promise<z.output<O>>;
  /**
   * Does wishes that arrive together in one piece, each answered for itself and a refused one leaving nothing; `run` is then `alone` of it.
   * The house is the actor of the context; who wishes stands in each wish.
   */
  readonly many?: (wishes: readonly Wish<z.output<I>>[], context: WriteContext) => Promise<readonly (z.output<O> | Refusal)[]>;
}

/** One of several wishes that arrive together. */
export interface Wish<Input> {
  readonly input: Input;
  readonly actor: Actor;
}

/** The `run` of an operation that can do many at once: one wish, of the actor. */
export const alone =
  <Input, Output>(many: (wishes: readonly Wish<Input>[], context: WriteContext) => Promise<readonly (Output | Refusal)[]>) =>
  async (input: Input, context: WriteContext): Promise<Output> => {
    const [answer] = await many([{ input, actor: context.actor }], context);
    if (answer instanceof Refusal) throw answer;
    return answer!;
  };

type Logged = boolean | ((output: unknown, input: unknown) => readonly string[]) | undefined;

export interface ReadDeclaration<I extends z.ZodType, O extends z.ZodType, R extends Record<string, string>> extends Common<I, O, R> {
  readonly kind: "read";
  /** Reading this is logged with the reader, because it is confidential; a question says which records of the answer are. */
  readonly logged?: Logged;
  /** It narrows its answer to the places of the caller's grants, so that a grant at one place suffices to ask. Registers do. */
  readonly narrows?: boolean;
  /** A good plan of its statements depends on no value, or on none that is asked for: PostgreSQL makes each once and weighs none anew. */
  readonly keepsPlans?: boolean | ((input: z.output<I>) => boolean);
  run(input: z.output<I>, context: ReadContext): Promise<z.output<O>>;
}

// The registry holds operations of every shape; `never` as input keeps anyone from calling one past the funnel.
export interface Operation {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly kind: "read" | "write";
  readonly may: readonly May[];
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly refuses?: Readonly<Record<string, string>>;
  readonly on?: string;
  readonly when?: (record: Readonly<Record<string, unknown>>) => boolean;
  readonly insidersOnly?: boolean;
  readonly at?: (input: never, context: ReadContext) => Promise<{ kind: ScopeKind; id: Id }[]>;
  readonly example?: unknown;
  readonly constraints?: Readonly<Record<string, string>>;
  readonly emits?: readonly string[];
  readonly hides?: readonly string[];
  readonly previews?: boolean;
  readonly logged?: Logged;
  readonly narrows?: boolean;
  readonly keepsPlans?: boolean | ((input: never) => boolean);
  readonly run: (input: never, context: never) => Promise<unknown>;
  readonly many?: (wishes: never, context: never) => Promise<readonly unknown[]>;
}

export type InputOf<O extends Operation> = z.output<O["input"]>;
export type OutputOf<O extends Operation> = z.output<O["output"]>;

export function operation<I extends z.ZodType, O extends z.ZodType, R extends Record<string, string> = Record<never, string>>(
  declaration: WriteDeclaration<I, O, R>,
): WriteDeclaration<I, O, R>;
export function operation<I extends z.ZodType, O extends z.ZodType, R extends Record<string, string> = Record<never, string>>(
  declaration: ReadDeclaration<I, O, R>,
): ReadDeclaration<I, O, R>;
export function operation(declaration: unknown): unknown {
  return declaration;
}
