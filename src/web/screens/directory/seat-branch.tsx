// One seat of the chart with what is under it. On a wide screen branches grow to the right, on a narrow one they are indented.
import { memo, type MouseEvent } from "react";
import { AppLink, Icon, recordPath } from "../../kit/index.ts";
import { type Here, useIsHere } from "./here.ts";
import type { Branch, SeatNode } from "./seat-tree.ts";
import { words } from "./words.ts";

export interface ChartState {
  readonly open: ReadonlySet<string>;
  readonly here: Here;
  readonly found: ReadonlySet<string>;
  readonly colours: ReadonlyMap<string, number>;
  readonly toggle: (id: string) => void;
  readonly goTo: (id: string) => void;
}

export const pathOfSeat = (seat: SeatNode): string =>
  seat.personId ? recordPath("directory.person", seat.personId) : recordPath("directory.position", seat.positionId);

const nameOf = ({ seat, below }: Branch): string =>
  [seat.person ?? words.vacantSeat, seat.title, seat.unit, below > 0 ? words.below(below) : ""].filter(Boolean).join(", ");

function SeatCard({ branch, state }: { branch: Branch; state: ChartState }) {
  const { seat, below } = branch;
  const id = seat.positionId;
  const isOpen = state.open.has(id);
  const toggle = (event: MouseEvent): void => {
    event.stopPropagation();
    state.toggle(id);
  };
  return (
    <div
      className="hw-seat"
      data-unit={state.colours.get(seat.unitId) ?? 0}
      data-vacant={seat.personId === null || undefined}
      data-found={state.found.has(id) || undefined}
      onClick={() => state.goTo(id)}
    >
      <div className="hw-seat-words">
        <AppLink to={pathOfSeat(seat)} tabIndex={-1} className="hw-seat-name">
          {seat.person ?? words.vacantSeat}
        </AppLink>
        <span className="hw-seat-title">{seat.title}</span>
        <span className="hw-seat-unit">
          {seat.unit}
          {seat.site && ` · ${seat.site}`}
        </span>
      </div>
      {below > 0 && (
        <span className="hw-seat-toggle" data-open={isOpen || undefined} onClick={toggle} aria-hidden>
          <span className="hw-number">{below}</span>
          <Icon name="chevron" size={12} />
        </span>
      )}
    </div>
  );
}

interface BranchProps {
  readonly branch: Branch;
  readonly state: ChartState;
  readonly place: number;
  readonly of: number;
}

export const SeatBranch = memo(function SeatBranch({ branch, state, place, of }: BranchProps) {
  const id = branch.seat.positionId;
  const isHere = useIsHere(state.here, id);
  const has = branch.children.length > 0;
  const isOpen = has && state.open.has(id);
  return (
    <li
      role="treeitem"
      id={`seat-${id}`}
      aria-label={nameOf(branch)}
      aria-level={branch.level}
      aria-setsize={of}
      aria-posinset={place}
      aria-expanded={has ? isOpen : undefined}
      aria-selected={isHere}
      tabIndex={isHere ? 0 : -1}
      className="hw-branch"
    >
      <SeatCard branch={branch} state={state} />
      {isOpen && (
        <ul role="group" className="hw-branches">
          {branch.children.map((child, index) => (
            <SeatBranch key={child.seat.positionId} branch={child} state={state} place={index + 1} of={branch.children.length} />
          ))}
        </ul>
      )}
    </li>
  );
});
