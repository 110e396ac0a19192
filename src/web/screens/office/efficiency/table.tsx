// A plain table of figures: a name in front, figures to the right; it scrolls sideways in its own box on a phone.
import type { ReactNode } from "react";
import { efficiencyWords as words } from "./words.ts";

type Column<Row> = readonly [title: string, cell: (row: Row) => ReactNode];

export const columnsOfTable = <Row,>(columns: readonly Column<Row>[]) => ({
  table: (label: string, rows: readonly Row[], keyOf: (row: Row) => string, nameOf: (row: Row) => ReactNode): ReactNode => (
    // A box that scrolls must be reachable by keyboard.
    <div className="hw-scroll hw-efficiency-box" role="region" aria-label={label} tabIndex={0}>
      <table className="hw-efficiency-table">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            {columns.map(([title]) => (
              <th key={title} scope="col" data-right>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{nameOf(row)}</th>
              {columns.map(([title, cell]) => (
                <td key={title} className="hw-number">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ),
});
