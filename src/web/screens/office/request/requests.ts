// What the screens of requests read from the server.
import type { Row } from "../../../kit/index.ts";

export interface RequestRow extends Row {
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly priority: string;
  readonly kind: string;
  readonly kindId: string;
  readonly department: string;
  readonly requesterId: string;
  readonly requester: string;
  readonly filedById: string | null;
  readonly filedBy: string | null;
  readonly personId: string | null;
  readonly person: string | null;
  readonly unassigned: boolean;
  readonly mine: boolean;
  readonly own: boolean;
  readonly works: boolean;
  readonly active: boolean;
  readonly approval: string;
  readonly says: string | null;
  readonly formId: string;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly confidential: boolean;
  readonly dueAt: string | null;
  readonly paused: boolean;
  readonly filedAt: string;
  readonly changedAt: string;
  readonly mainId: string | null;
  readonly main: string | null;
  readonly score: number | null;
  readonly scoreSays: string | null;
}

export type RequestShown = RequestRow & { readonly can: readonly string[] };

export interface MessageRow extends Row {
  readonly text: string;
  readonly internal: boolean;
  readonly deed: string | null;
  readonly channel: string;
  readonly author: string;
  readonly byAsker: boolean;
  readonly at: string;
}

/** What can be written about a request, each with its own operation. */
export const writings = ["reply", "ask", "note", "wait", "solve", "reopen"] as const;
export type Writing = (typeof writings)[number];

export const requestPath = (id: string): string => `/requests/${id}`;
