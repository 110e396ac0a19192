// What every control of a form is given.
import type { JsonSchema } from "../catalogue.ts";
import type { Draft, Mistakes } from "./draft.ts";

export type Path = readonly (string | number)[];

export interface FormHand {
  readonly set: (path: Path, value: unknown) => void;
  /** The field was left: from now on its mistakes are said. */
  readonly leave: (path: Path) => void;
}

export interface ControlProps {
  readonly schema: JsonSchema;
  readonly kind: string;
  readonly title: string;
  readonly path: Path;
  readonly value: Draft;
  readonly required: boolean;
  readonly mistakes: Mistakes;
  readonly hand: FormHand;
  /** Inside a grid the label is not shown, only read out. */
  readonly bare?: boolean;
}
