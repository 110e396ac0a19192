// Beside the matrix: the risks of the chosen cell, or those above appetite, and those nobody has judged at this stage.
import { Badge, Button } from "@mantine/core";
import { EmptyState, RecordLink, RunButton, Section, useCatalogue } from "../../kit/index.ts";
import { type Cell, type HeatMap, keyOf, type PlacedRisk, toneOfBand } from "./heat-map.ts";
import { words } from "./words.ts";

interface Shown {
  readonly risk: PlacedRisk;
  readonly cell: Cell;
}

function RiskLine({ risk, cell, bands, stage }: Shown & { bands: number; stage: string }) {
  return (
    <li className="hw-risk">
      <span className="hw-risk-band" data-tone={toneOfBand(cell.band, bands)}>
        {cell.bandName}
      </span>
      <div className="hw-risk-words">
        <span>
          <span className="hw-dim hw-number">{risk.code} </span>
          <RecordLink register="governance.risk" id={risk.id} label={risk.title} />
        </span>
        <span className="hw-risk-marks">
          {risk.aboveAppetite ? (
            <span className="hw-late">
              <span aria-hidden>▲ </span>
              {stage === "current" ? words.aboveAppetite : words.aboveNow}
            </span>
          ) : (
            stage === "current" && <span className="hw-dim">{words.within}</span>
          )}
          {risk.state === "accepted" && (
            <Badge variant="light" color="gray">
              {words.accepted}
            </Badge>
          )}
        </span>
      </div>
    </li>
  );
}

interface RiskListProps {
  readonly map: HeatMap;
  readonly chosen: string;
  /** The highest band the company lives with. */
  readonly appetite: number | undefined;
  readonly onClear: () => void;
}

export function RiskList({ map, chosen, appetite, onClear }: RiskListProps) {
  const cell = map.cells.find((one) => keyOf(one) === chosen);
  const isNow = map.stage === "current";
  const all = map.cells.flatMap((one) => one.risks.map((risk) => ({ risk, cell: one })));
  const above = all
    .filter(({ risk, cell: one }) => (isNow ? risk.aboveAppetite : appetite !== undefined && one.band > appetite))
    .toSorted((a, b) => b.cell.band - a.cell.band || a.risk.code.localeCompare(b.risk.code));
  const shown: readonly Shown[] = cell ? cell.risks.map((risk) => ({ risk, cell })) : above;
  const named = (list: HeatMap["matrix"]["impacts"], number: number): string => list[number - 1]?.name ?? String(number);
  return (
    <Section
      title={
        cell
          ? words.cell(named(map.matrix.likelihoods, cell.likelihood), named(map.matrix.impacts, cell.impact))
          : isNow
            ? words.listedAbove
            : words.beyond
      }
      count={shown.length}
      actions={
        cell && (
          <Button variant="subtle" size="compact-xs" onClick={onClear}>
            {words.everything}
          </Button>
        )
      }
    >
      <div aria-live="polite">
        {shown.length === 0 ? (
          <EmptyState compact title={cell ? words.noneInCell : words.noneAbove} />
        ) : (
          <ul className="hw-works">
            {shown.map((one) => (
              <RiskLine key={one.risk.id} {...one} bands={map.matrix.bands.length} stage={map.stage} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

export function Unscored({ map }: { map: HeatMap }) {
  const judge = useCatalogue().operation("governance.risk.score");
  if (map.unscored.length === 0) return null;
  return (
    <Section title={words.unscored} count={map.unscored.length}>
      <ul className="hw-works">
        {map.unscored.map((risk) => (
          <li key={risk.id} className="hw-work">
            <span className="hw-work-words">
              <span>
                <span className="hw-dim hw-number">{risk.code} </span>
                <RecordLink register="governance.risk" id={risk.id} label={risk.title} />
              </span>
            </span>
            {judge && (
              <RunButton
                operation={judge.name}
                fields={{ riskId: risk.id, stage: map.stage }}
                variant="default"
                className="hw-risk-judge"
                aria-label={`${words.judge}: ${risk.title}`}
              >
                {words.judge}
              </RunButton>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
