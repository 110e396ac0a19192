// Whether one hears of a record: following it, being left in peace by it, or neither.
import { Button } from "@mantine/core";
import { Icon } from "../kit/icon.tsx";
import { type Row, useMay, useOperation, usePage, useRun } from "../kit/operation.ts";
import { useCatalogue, useMe } from "../kit/session.tsx";
import { text } from "../text.ts";

interface Watch extends Row {
  readonly state: "following" | "muted";
}

const words = text.follow;

export function Follow({ subject, recordId }: { subject: string; recordId: string }) {
  const register = useCatalogue().register(subject);
  const may = useMay("platform.watch.follow") && useMe().personId !== null && register !== undefined;
  const found = usePage<Watch>("platform.watch", { filter: { recordId }, limit: 1 }, { enabled: may });
  const record = useOperation<Row>(`${subject}.get`, { id: recordId }, { enabled: may });
  const follow = useRun("platform.watch.follow");
  const mute = useRun("platform.watch.mute");
  const end = useRun("platform.watch.end");
  if (!may || !found.data) return null;
  const now = found.data.rows[0];
  const called = record.data && register ? String(record.data[register.label] ?? "").slice(0, 200) : "";
  const asked = { subject, recordId, ...(called && { label: called }) };
  const button = (state: Watch["state"], does: typeof follow) => {
    const isSo = now?.state === state;
    return (
      <Button
        variant={isSo ? "light" : "subtle"}
        size="compact-xs"
        aria-pressed={isSo}
        title={words[state].says}
        leftSection={isSo && <Icon name="check" size={12} />}
        loading={does.pending || (isSo && end.pending)}
        onClick={() => void (isSo ? end.run({ watchId: now.id }) : does.run(asked))}
      >
        {isSo ? words[state].is : words[state].does}
      </Button>
    );
  };
  return (
    <span className="hw-nowrap">
      {button("following", follow)}
      {button("muted", mute)}
    </span>
  );
}
