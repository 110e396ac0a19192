// On the record of an approval: what would change and who agrees, below its facts.
import { Loaded, useOperation } from "../../../kit/index.ts";
import type { RecordPanelProps } from "../../../screen.ts";
import type { ApprovalRow, Chain } from "./approval.ts";
import { Questions, Steps } from "./chain.tsx";
import { Files, What } from "./what.tsx";
import "./approval.css";

export default function ApprovalPanel({ id, record }: RecordPanelProps) {
  const chain = useOperation<Chain>("office.approval.chain", { approvalId: id });
  const row = record as ApprovalRow;
  return (
    <Loaded query={chain} lines={6}>
      {(found) => (
        <>
          <What chain={found} row={row} />
          <Files row={row} />
          <Questions chain={found} />
          <Steps chain={found} />
        </>
      )}
    </Loaded>
  );
}
