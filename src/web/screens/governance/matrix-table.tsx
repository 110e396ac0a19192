// The matrix itself as a table: likelihood up, impact across, in each cell how many risks stand there and in which band.
import { numberText } from "../../kit/index.ts";
import { type Cell, edgesOf, type HeatMap, keyOf, toneOfBand } from "./heat-map.ts";
import { words } from "./words.ts";

interface MatrixProps {
  readonly map: HeatMap;
  readonly appetite: number | undefined;
  readonly chosen: string;
  readonly onChoose: (key: string | undefined) => void;
  readonly stage: string;
}

interface CellProps extends Pick<MatrixProps, "map" | "onChoose"> {
  readonly cell: Cell;
  readonly here: boolean;
}

function CellShown({ cell, map, here, onChoose }: CellProps) {
  const { matrix } = map;
  const count = cell.risks.length;
  // The server marks what is above appetite as it stands; at another stage the heavy line says it.
  const above = map.stage === "current" ? cell.risks.filter((risk) => risk.aboveAppetite).length : 0;
  const said = (
    <>
      <span className="hw-heat-count">{count > 0 ? numberText(count) : "–"}</span>
      <span className="hw-heat-band">{cell.bandName}</span>
      {above > 0 && (
        <span className="hw-heat-above">
          <span aria-hidden>▲ </span>
          {words.above(above)}
        </span>
      )}
    </>
  );
  if (count === 0) return <div className="hw-heat-cell">{said}</div>;
  const named = (all: HeatMap["matrix"]["impacts"], number: number): string => all[number - 1]?.name ?? String(number);
  return (
    <button
      type="button"
      className="hw-heat-cell"
      aria-pressed={here}
      aria-label={words.cellLabel(
        words.risks(count),
        named(matrix.likelihoods, cell.likelihood),
        named(matrix.impacts, cell.impact),
        cell.bandName,
        above > 0 ? words.above(above) : "",
      )}
      onClick={() => onChoose(here ? undefined : keyOf(cell))}
    >
      {said}
    </button>
  );
}

function ScaleName({ number, name }: { number: number; name: string }) {
  return (
    <>
      <span className="hw-heat-number">{words.scale(number)}</span>
      {name}
    </>
  );
}

export function MatrixTable({ map, appetite, chosen, onChoose, stage }: MatrixProps) {
  const { matrix } = map;
  const cells = new Map(map.cells.map((cell) => [keyOf(cell), cell]));
  const rows = matrix.likelihoods.toReversed();
  return (
    <div className="hw-scroll hw-heat-box" tabIndex={0} role="region" aria-label={words.table(matrix.name, stage)}>
      <table className="hw-heat">
        <caption className="hw-hidden">{words.table(matrix.name, stage)}</caption>
        <colgroup>
          <col className="hw-heat-axis-column" />
          <col className="hw-heat-name-column" />
          {matrix.impacts.map((impact) => (
            <col key={impact.number} />
          ))}
        </colgroup>
        <tbody>
          {rows.map((likelihood, index) => (
            <tr key={likelihood.number}>
              {index === 0 && (
                <th scope="rowgroup" rowSpan={rows.length} className="hw-heat-axis" data-axis="likelihood">
                  <span>{words.likelihood} →</span>
                </th>
              )}
              <th scope="row">
                <ScaleName {...likelihood} />
              </th>
              {matrix.impacts.map((impact) => {
                const key = keyOf({ likelihood: likelihood.number, impact: impact.number });
                const cell = cells.get(key);
                return (
                  <td
                    key={key}
                    data-tone={cell && toneOfBand(cell.band, matrix.bands.length)}
                    data-edge={cell && appetite !== undefined ? edgesOf(cell, cells, appetite) : undefined}
                    data-filled={(cell?.risks.length ?? 0) > 0 || undefined}
                  >
                    {cell && <CellShown cell={cell} map={map} here={chosen === key} onChoose={onChoose} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2} />
            {matrix.impacts.map((impact) => (
              <th key={impact.number} scope="col">
                <ScaleName {...impact} />
              </th>
            ))}
          </tr>
          <tr>
            <td colSpan={2} />
            <th scope="colgroup" colSpan={matrix.impacts.length} className="hw-heat-axis">
              {words.impact} →
            </th>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
