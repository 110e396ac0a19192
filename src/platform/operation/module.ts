// A module's table of contents: what it needs, the roles it knows, and everything it offers.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Gate } from "../funnel/gate.ts";
import type { ReadContext, WriteContext } from "./context.ts";
import type { HoldsOn, Keeping } from "./keeping.ts";
import type { LinkDoor } from "./link.ts";
import type { Operation } from "./operation.ts";
import type { Register } from "./register.ts";

export interface HouseEvent {
  readonly id: Id;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** What a department does when something happened elsewhere. It runs after the commit, as the house, and may run twice. */
export interface Reaction {
  /** An event by name, or `*` for every event. */
  readonly to: string;
  readonly does: (event: HouseEvent, context: WriteContext) => Promise<void>;
  /** Of a reaction to every event: the identifiers of those it minds, so that a thousand it does not mind cost one question. */
  readonly heeds?: (events: readonly HouseEvent[], context: WriteContext) => Promise<ReadonlySet<Id>>;
}

/** Work that comes round by itself, once for each company. */
export interface Schedule {
  readonly name: string;
  readonly says: string;
  /** Five fields of cron, in UTC. */
  readonly cron: string;
  readonly does: (context: WriteContext) => Promise<void>;
}

/** A law that must hold for the whole company at all times; `breaks` lists what breaks it, each in a sentence. */
export interface Law {
  readonly name: string;
  readonly says: string;
  readonly breaks: (context: ReadContext) => Promise<string[]>;
}

/** A figure on someone's Today page. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly roles: readonly string[];
  /** The register or report it drills into, as a path of the app. */
  readonly to?: string;
  /** Nothing leaves the figure out: there is nothing to say. */
  readonly value: (context: ReadContext, today: Day) => Promise<string | number | { amount: string; currency: string } | null>;
  /** Stands before all others. */
  readonly first?: boolean;
}

/** On which way someone hears of something. A summary comes daily or weekly, at the wall time that the person chose. */
export type MailRhythm = "off" | "now" | "daily" | "weekly";

/** A kind of notice: by it people choose what they hear on the bell and by mail. */
export interface NoticeKind {
  readonly title: string;
  readonly says: string;
  /** What holds while neither the person nor the company says otherwise. */
  readonly mail: MailRhythm;
  /** Cannot be turned off, put off or muted: days for money that must not pass, and what concerns security. */
  readonly always?: boolean;
}

/** What someone sees first in a part they play, in this order; a figure that nobody declares is left out. */
export interface Home {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly string[];
}

/** A part of a department that people think of as one: what stands together in the navigation, in this order. */
export interface Area {
  readonly title: string;
  /** What its lists, screens, reports and writes are about: the second word of their names. */
  readonly subjects: readonly string[];
}

/** `area("Tax", "taxReturn taxCode")`. */
export const area = (title: string, subjects: string): Area => ({ title, subjects: subjects.split(" ") });

export interface Module {
  readonly name: string;
  readonly title: string;
  /** A department with more to go to than the eye takes in has areas; each of its subjects stands in one. */
  readonly areas?: readonly Area[];
  readonly needs: readonly string[];
  /** Role name to what its holder is called: `"finance.accountant": "Accountant"`. */
  readonly roles: Readonly<Record<string, string>>;
  /** Kinds of work someone answers for, e.g. `"it.equipment": "Equipment for employees"`; the responsibility map is made of them. */
  readonly activities?: Readonly<Record<string, string>>;
  /** Processes by name, and what each is called. */
  readonly processes?: Readonly<Record<string, string>>;
  readonly registers: readonly Register[];
  readonly operations: readonly Operation[];
  readonly reactions?: readonly Reaction[];
  readonly schedules?: readonly Schedule[];
  readonly laws?: readonly Law[];
  readonly figures?: readonly Figure[];
  /** The parts that whoever asks plays today, the weightiest first; one module of the house knows them. */
  readonly homes?: (context: ReadContext) => Promise<readonly Home[]>;
  /** Kinds of notices by name, `office.task.late`. */
  readonly notices?: Readonly<Record<string, NoticeKind>>;
  /** The gate before every write; one module of the house keeps it. */
  readonly gate?: Gate;
  /** Links in mails that let their reader do one thing once; one module of the house gives them out. */
  readonly link?: LinkDoor;
  /** How long it keeps what it holds about persons. */
  readonly keeps?: readonly Keeping[];
  /** What is in dispute and may not be erased; one module of the house knows. */
  readonly holdsOn?: HoldsOn;
}

/** Keeps the declaration's own type; operations of every shape are accepted. */
export const module = (declaration: Omit<Module, "operations"> & { readonly operations: readonly unknown[] }): Module =>
  declaration as Module;
