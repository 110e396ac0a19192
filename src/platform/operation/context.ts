// What an operation is given to work with: who acts, for which company, what day it is, and the one transaction it writes in.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Rows, Sql } from "../database/sql.ts";
import type { InputOf, Operation, OutputOf } from "./operation.ts";

export type ScopeKind = "entity" | "unit" | "site";

/** A role someone holds, everywhere (`scope` null) or only at one legal entity, org unit or site. */
export interface Grant {
  readonly role: string;
  readonly scope: { readonly kind: ScopeKind; readonly id: Id } | null;
}

export interface Actor {
  readonly kind: "person" | "system";
  readonly userId: Id | null;
  /** The person in the directory, when this user is one. */
  readonly personId: Id | null;
  readonly name: string;
  readonly grants: readonly Grant[];
}

export interface StoredFile {
  readonly id: Id;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, in hex: two files with one hash are one content. */
  readonly hash: string;
}

export interface Notice {
  readonly personId: Id;
  readonly title: string;
  readonly text?: string;
  /** The record it is about, e.g. `{ subject: "office.task", id }`. */
  readonly about?: { readonly subject: string; readonly id: Id };
  /** Also by mail. */
  readonly mail?: boolean;
}

/** Reading: everything a list, a report or a fact needs. */
export interface ReadContext {
  readonly tenantId: Id;
  readonly actor: Actor;
  readonly today: Day;
  readonly now: Date;
  readonly requestId: string;
  readonly db: Rows;
  /** True when the actor holds the role everywhere, or at the given place. */
  holds(role: string, place?: { kind: ScopeKind; id: Id }): boolean;
  /** Bytes of a file the actor may read. Refuses `fileNotFound`. */
  readFile(id: Id): Promise<StoredFile>;
  /** Names of the operations this person may run on a record in its present state. */
  can(subject: string, record: Readonly<Record<string, unknown>>): Promise<string[]>;
  /** Whether this person may read that record: what hangs on a record (comments, files) is as open as the record itself. */
  mayRead(subject: string, id: Id): Promise<boolean>;
}

/** Writing: inside the funnel's transaction. */
export interface WriteContext extends ReadContext {
  newId(): Id;
  /** Says that something happened; delivered to the reactions after the commit. */
  emit(name: string, payload: Readonly<Record<string, unknown>>): void;
  /** Runs another operation in the same transaction, with its own permission, validation, audit row and words. */
  call<O extends Operation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>>;
  /** The same, as the house itself: for steps that follow from what the actor was allowed to do. */
  callAsSystem<O extends Operation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>>;
  /** Tries one piece of work and takes all of it back, events too, when it fails; returns why it failed. */
  attempt(does: () => Promise<unknown>): Promise<Error | undefined>;
  writeFile(name: string, mediaType: string, bytes: Uint8Array): Promise<Id>;
  notify(notice: Notice): Promise<void>;
  /** Why, when the caller gave a reason; kept in the audit row. */
  readonly reason: string | undefined;
}

export type { Rows, Sql };
