// What the screens about approvals read from the server.
import type { MoneyValue, Row } from "../../../kit/index.ts";

export interface ApprovalRow extends Row {
  readonly title: string;
  readonly state: string;
  readonly amount: MoneyValue | null;
  readonly requestedBy: string | null;
  readonly requestedAt: string;
  readonly waitsFor: string | null;
  readonly step: string | null;
  readonly policy: string | null;
  readonly aboutSubject: string;
  readonly aboutId: string;
  readonly hash: string;
  readonly mine: boolean;
  readonly own: boolean;
  readonly reason: string | null;
  readonly failure: string | null;
}

export interface AskedField {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly ref: string | null;
  readonly value: unknown;
  readonly now: unknown;
}

interface VoteShown {
  readonly by: string;
  readonly for: string | null;
  readonly verdict: "approve" | "decline";
  readonly reason: string | null;
  readonly at: string;
}

export interface SeatShown {
  readonly personId: string;
  readonly person: string;
  readonly via: string;
  readonly standIn: string | null;
  readonly escalatedTo: string | null;
  readonly state: "open" | "voted" | "closed";
  readonly vote: VoteShown | null;
}

export interface StepShown {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly needed: number | null;
  readonly seats: readonly SeatShown[];
}

export interface Chain {
  readonly operation: string | null;
  readonly what: readonly AskedField[];
  readonly steps: readonly StepShown[];
  readonly questions: readonly {
    id: string;
    question: string;
    askedBy: string;
    askedAt: string;
    answer: string | null;
    answeredBy: string | null;
  }[];
  readonly mayDecide: boolean;
  readonly decidesFor: string | null;
}
