// One input of a grid that may hold hundreds: a bare field with its words of mistake under it.
import { type ComponentProps, useId } from "react";

interface CellProps extends Omit<ComponentProps<"input">, "children"> {
  readonly error?: string;
  /** Its name among the columns, for the keys of the grid. */
  readonly column?: string;
}

export function Cell({ error, column, className = "", ...input }: CellProps) {
  const id = useId();
  return (
    <>
      <input
        type="text"
        autoComplete="off"
        {...input}
        data-col={column}
        className={`hw-cell ${className}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? id : undefined}
      />
      {error && (
        <p id={id} className="hw-cell-error">
          {error}
        </p>
      )}
    </>
  );
}
