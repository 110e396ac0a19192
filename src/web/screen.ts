// What a hand-made screen says of itself, so that the shell can offer it.
import type { ComponentType, LazyExoticComponent } from "react";

export interface RecordPanelProps {
  readonly id: string;
  readonly record: Readonly<Record<string, unknown>>;
}

export interface Screen {
  /** Its address, e.g. `/finance/reconciliation` or `/payroll/runs/$runId` (read with `useParams({ strict: false })`). */
  readonly path: string;
  readonly title: string;
  /** What one does there, in a sentence. */
  readonly does?: string;
  readonly module: string;
  readonly component: LazyExoticComponent<ComponentType> | ComponentType;
  /** Only people who may run this operation see it. */
  readonly needs?: string;
  /** Reads whose answers stand in it: they are not offered again as reports of their own. */
  readonly shows?: readonly string[];
  /** Stands in the department's navigation; not for a path with `$`. */
  readonly nav?: boolean;
  /** Opened in place of the derived screen of a register, a record (`$id`) or an operation's form. */
  readonly insteadOf?: {
    readonly register?: string;
    readonly record?: string;
    readonly operation?: string;
    /** It reads the form's known fields from the address: it opens also where the form would open over a page. */
    readonly takesFields?: boolean;
  };
}

/** A hand-made part of the derived record screen, between its facts and what belongs to it. */
export interface RecordPanel {
  readonly register: string;
  readonly title: string;
  readonly needs?: string;
  /** Registers whose rows of this record stand in it: they are not listed again below. */
  readonly shows?: readonly string[];
  readonly component: LazyExoticComponent<ComponentType<RecordPanelProps>>;
}
