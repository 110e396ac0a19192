// What a customer owes, on the customer's record.
import type { RecordPanelProps } from "../../screen.ts";
import { PartyPanel } from "./party-panel.tsx";

export default function CustomerPanel({ id }: RecordPanelProps) {
  return <PartyPanel direction="customer" id={id} />;
}
