// What does not work at a place, so that nobody waits for a lift that stands still.
import { EmptyState, InstantText, Loaded, type Row, StateBadge, usePage } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import "./facilities.css";
import { words } from "./words.ts";

interface Installation extends Row {
  readonly label: string;
  readonly state: string;
  readonly place: string | null;
  readonly outSince: string | null;
  readonly why: string | null;
}

export default function PlacePanel({ id, record }: RecordPanelProps) {
  const at: Record<string, string> = record["kind"] === "site" ? { siteId: id } : { placeId: id };
  const found = usePage<Installation>("facilities.installation", { filter: { ...at, state: "outOfService" }, limit: 100 });
  return (
    <Loaded query={found} lines={2}>
      {({ rows }) =>
        rows.length === 0 ? (
          <EmptyState icon="check" title={words.allWorks} says={words.allWorksSays} />
        ) : (
          <ul className="hw-out">
            {rows.map((row) => (
              <li key={row.id}>
                <strong>{row.label}</strong>
                <StateBadge state={row.state} />
                <span className="hw-dim">
                  {row.place} {words.since} <InstantText value={row.outSince!} ago />
                </span>
                <span>{row.why}</span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
