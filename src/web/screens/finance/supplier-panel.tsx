// What a supplier is owed, on the supplier's record.
import type { RecordPanelProps } from "../../screen.ts";
import { PartyPanel } from "./party-panel.tsx";

export default function SupplierPanel({ id }: RecordPanelProps) {
  return <PartyPanel direction="supplier" id={id} />;
}
