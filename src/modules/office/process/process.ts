// What a process is: a list of facts that must become true by a day, and who sees to each. One value gives the engine its work,
// the timeline its lines and the handbook its chapter.
import type { Day } from "../../../kernel/day.ts";
import { type Id, isId } from "../../../kernel/id.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { jsonSchema } from "../../../platform/operation/shape.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";

/** What a run is about: identifiers by name, e.g. `{ employmentId, personId }`. */
export type Subject = Readonly<Record<string, Id>>;
export type Payload = Readonly<Record<string, unknown>>;

/**
 * A question to a department's own records. At night it is asked once for many subjects: it may hand an identifier on and compare it, but
 * never look into one.
 */
export type Fact<S> = (context: ReadContext, subject: S) => Promise<boolean>;

type Prefill<S> = (context: ReadContext, subject: S) => Promise<Readonly<Record<string, unknown>>> | Readonly<Record<string, unknown>>;

/** An operation with its input; a bare operation takes from the subject the fields it has by the same name. */
export type Ask<S> = Operation | { readonly operation: Operation; readonly input: Prefill<S> };

/** What the engine does itself, as the house: an operation, or a function that calls some. */
export type Deed<S> = Ask<S> | ((context: WriteContext, subject: S) => Promise<unknown>);

/** Calendar days from the anchor: `days(-21)` is three weeks before it. */
export interface Offset {
  readonly days: number;
}

export const days = (count: number): Offset => ({ days: count });

export interface Step<S> {
  /** What happens, in a sentence of the handbook. */
  readonly says: string;
  /** What it is called on the timeline; by default the step's key in words. */
  readonly title?: string;
  /** The activity whose holder sees to it, or `"person"` for the person the process is about. */
  readonly owner: string;
  readonly by: Offset;
  /** Steps that come first. */
  readonly after?: readonly string[];
  /** The step falls away while this is true. */
  readonly unless?: Fact<S>;
  /** The engine does it once, as the house. */
  readonly does?: Deed<S>;
  /** The owner is asked to do it, by a form that knows what is known. */
  readonly asks?: Ask<S>;
  readonly done: Fact<S>;
  /** Takes the step back when the process is called off. */
  readonly undo?: Deed<S>;
}

export interface ProcessDefinition<S extends Subject> {
  readonly name: string;
  readonly title: string;
  readonly says: string;
  /** The event that starts a run. */
  readonly starts: string;
  readonly subject: (payload: Payload) => S;
  /** The register of the record it is about, and which identifier of the subject it is. */
  readonly about?: readonly [register: string, name: string];
  /** Identifiers in events about that record which the run follows from then on, e.g. `["billId"]`: what happens to them concerns it. */
  readonly follows?: readonly string[];
  /** The day the steps are counted from; while it is unknown the run keeps the one it had, at first the day it started. */
  readonly anchor: (context: ReadContext, subject: S) => Promise<Day | undefined>;
  /** What a run is called: "Hire of Mara Lindqvist". */
  readonly called: (context: ReadContext, subject: S) => Promise<string>;
  /** The person the process is about; by default the subject's `personId`. */
  readonly person?: (context: ReadContext, subject: S) => Promise<Id | undefined>;
  /** Where the work is, so that it goes to whoever answers for it there. */
  readonly place?: (context: ReadContext, subject: S) => Promise<WorkPlace | undefined>;
  readonly steps: Readonly<Record<string, Step<S>>>;
  /** The event that calls it off: what was begun is taken back. */
  readonly ends?: string;
}

/** A process of any subject, as the engine holds it. */
export type Process = ProcessDefinition<Subject>;

/** @throws Error at start when a step waits for one that is not there, or for itself, or when its owner is no activity. */
export function process<S extends Subject>(definition: ProcessDefinition<S>): Process {
  const known = definition as unknown as Process;
  for (const [key, { owner }] of Object.entries(known.steps)) {
    mustNotWaitForItself(known, key, []);
    if (owner !== "person" && !isActivity(owner)) throw new Error(`process ${known.name}: the owner of ${key} is no activity: ${owner}`);
  }
  return known;
}

function mustNotWaitForItself(definition: Process, key: string, behind: readonly string[]): void {
  const step = definition.steps[key];
  if (!step) throw new Error(`process ${definition.name}: ${behind.at(-1)} comes after ${key}, which is not a step`);
  if (behind.includes(key)) throw new Error(`process ${definition.name}: ${key} waits for itself`);
  for (const earlier of step.after ?? []) mustNotWaitForItself(definition, earlier, [...behind, key]);
}

/** Takes identifiers out of an event. @throws Error when one is missing: the event is not the one the process was written for. */
export function ids<Name extends string>(payload: Payload, ...names: readonly Name[]): Readonly<Record<Name, Id>> {
  const found = names.map((name) => {
    const value = payload[name];
    if (typeof value !== "string" || !isId(value)) throw new Error(`the event has no identifier ${name}`);
    return [name, value] as const;
  });
  return Object.fromEntries(found) as Record<Name, Id>;
}

export const stepTitle = (key: string, step: Step<Subject>): string => step.title ?? wordsOf(key);

/** The operation that is asked for, with what is known of its input. */
export async function askedOf(
  ask: Ask<Subject>,
  context: ReadContext,
  subject: Subject,
): Promise<{ operation: Operation; input: Readonly<Record<string, unknown>> }> {
  if ("run" in ask) return { operation: ask, input: sharedFields(ask, subject) };
  return { operation: ask.operation, input: await ask.input(context, subject) };
}

function sharedFields(operation: Operation, subject: Subject): Record<string, unknown> {
  const fields = new Set(fieldsOf(operation));
  return Object.fromEntries(Object.entries(subject).filter(([name]) => fields.has(name)));
}

export const fieldsOf = (operation: Operation): string[] => Object.keys(jsonSchema(operation.input).properties ?? {});

function wordsOf(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
