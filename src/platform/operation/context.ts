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
  /** Also by mail, when neither the kind nor the person says anything else. */
  readonly mail?: boolean;
  /** The kind of notice by which people choose what they hear, one of a module's `notices`. */
  readonly event?: string;
  /** The same person is told the same thing once. */
  readonly key?: string;
}

/** A question: may this person read that record now? */
export interface Reading {
  readonly personId: Id;
  readonly about: { readonly subject: string; readonly id: Id };
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
  /** A file that a record names which the actor may read, or that they brought in and no record names yet. Refuses `fileNotFound`. */
  readFile(id: Id): Promise<StoredFile>;
  /** Names of the operations this person may run on a record in its present state. */
  can(subject: string, record: Readonly<Record<string, unknown>>): Promise<string[]>;
  /** Whether this person may read that record: what hangs on a record (comments, files) is as open as the record itself. */
  mayRead(subject: string, id: Id): Promise<boolean>;
  /** Those of the readings that the persons themselves would be given now. */
  allowed<R extends Reading>(readings: readonly R[]): Promise<R[]>;
  /** An operation of the house by its name, for rules that name one. */
  operationNamed(name: string): Operation | undefined;
  /** Where browsers reach this house, for links in mails. */
  readonly address: string;
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
  /** Runs, in this transaction, what a user wished for earlier: as them, with what they may do now. The answer is wire JSON. */
  runAs(userId: Id, operation: string, input: unknown): Promise<unknown>;
  writeFile(name: string, mediaType: string, bytes: Uint8Array): Promise<Id>;
  notify(notice: Notice): Promise<void>;
  /** Many notices in as many statements as one. */
  notifyAll(notices: readonly Notice[]): Promise<void>;
  /** Why, when the caller gave a reason; kept in the audit row. */
  readonly reason: string | undefined;
}

export type { Rows, Sql };
