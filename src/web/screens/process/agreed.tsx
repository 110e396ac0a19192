// Who agreed to what a process is about, for whom and why: each approval with its chain.
import { Loaded, RecordLink, type Row, Section, StateBadge, useCatalogue, useOperation, usePage } from "../../kit/index.ts";
import type { Chain } from "../office/approval/approval.ts";
import { Steps } from "../office/approval/chain.tsx";
import "../office/approval/approval.css";
import { words } from "./words.ts";

interface Approval extends Row {
  readonly title: string;
  readonly state: string;
}

function One({ row }: { row: Approval }) {
  const chain = useOperation<Chain>("office.approval.chain", { approvalId: row.id });
  return (
    <div className="hw-agreed">
      <p className="hw-agreed-head">
        <RecordLink register="office.approval" id={row.id} label={row.title} /> <StateBadge state={row.state} />
      </p>
      <Loaded query={chain} lines={2}>
        {(found) => <Steps chain={found} />}
      </Loaded>
    </div>
  );
}

/** Nothing where nobody had to agree, or for those who took no part in it. */
export function Agreed({ aboutId }: { aboutId: string }) {
  const there = Boolean(useCatalogue().register("office.approval"));
  const page = usePage<Approval>("office.approval", { filter: { aboutId }, sort: "requestedAt", limit: 20 }, { enabled: there });
  const rows = page.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={words.agreed}>
      {rows.map((row) => (
        <One key={row.id} row={row} />
      ))}
    </Section>
  );
}
