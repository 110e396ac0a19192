// The label of a thing: the square that opens the report of a fault, as it is printed and stuck on.
import { AppLink, Loaded, RunButton, useOperation } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import "./facilities.css";
import { words } from "./words.ts";

interface Labels {
  readonly labels: readonly { readonly tag: string; readonly name: string; readonly path: string; readonly svg: string }[];
}

const reportPath = (address: string): string => {
  const { pathname, search } = new URL(address);
  return pathname + search;
};

export default function LabelPanel({ id }: RecordPanelProps) {
  const found = useOperation<Labels>("facilities.label.get", { equipmentIds: [id] });
  return (
    <Loaded query={found} lines={3}>
      {({ labels: [label] }) =>
        label && (
          <div className="hw-label">
            <img src={`data:image/svg+xml;utf8,${encodeURIComponent(label.svg)}`} alt={words.square(label.name)} width={132} height={132} />
            <div>
              <p>{words.labelSays}</p>
              <p className="hw-label-acts">
                <RunButton operation="facilities.label.print" fields={{ equipmentIds: JSON.stringify([id]) }} variant="default">
                  {words.print}
                </RunButton>
                <AppLink to={reportPath(label.path)}>{words.asScanned}</AppLink>
              </p>
            </div>
          </div>
        )
      }
    </Loaded>
  );
}
