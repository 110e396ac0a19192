// A document as a person reads it, beside the verdict on it and the bill it becomes.
import { Loaded, useOperation } from "../../../kit/index.ts";
import type { RecordPanelProps } from "../../../screen.ts";
import type { EInvoiceShown } from "./document.ts";
import { DocumentPaper } from "./document-paper.tsx";
import { Draft, Outcome, Sender, Verdict } from "./verdict-parts.tsx";
import "../finance.css";
import "./einvoice.css";

export default function EInvoicePanel({ id }: RecordPanelProps) {
  const found = useOperation<EInvoiceShown>("finance.eInvoice.view", { eInvoiceId: id });
  return (
    <Loaded query={found}>
      {(shown) => (
        <div className="hw-einvoice-frame">
          <div className="hw-einvoice">
            <DocumentPaper document={shown.document} />
            <div className="hw-einvoice-beside">
              <Verdict verdict={shown.verdict} />
              <Outcome shown={shown} />
              {shown.state === "received" && <Sender candidates={shown.candidates} />}
              <Draft shown={shown} />
            </div>
          </div>
        </div>
      )}
    </Loaded>
  );
}
