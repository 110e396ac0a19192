// One request whole: its thread, what can be done with it, and its facts; the same for whoever asked and whoever works on it.
import { Button, Group, Menu, Textarea } from "@mantine/core";
import { useState } from "react";
import { Icon, ProblemAlert, StateBadge, useCatalogue, useOpenForm, useRun } from "../../../kit/index.ts";
import { Compose } from "./compose.tsx";
import { RequestFacts } from "./request-facts.tsx";
import type { RequestShown, Writing } from "./requests.ts";
import { Thread } from "./thread.tsx";
import { words } from "./words.ts";

const inMenu = ["assign", "prioritise", "recategorise", "resume", "merge", "split", "link", "watch", "cancel"].map(
  (verb) => `office.request.${verb}`,
);

export function RequestActions({ request }: { request: RequestShown }) {
  const catalogue = useCatalogue();
  const openForm = useOpenForm();
  const take = useRun("office.request.take");
  const fields = { requestId: request.id };
  const offered = inMenu.filter((name) => request.can.includes(name));
  return (
    <Group gap="xs" wrap="nowrap">
      {request.can.includes("office.request.take") && (
        <Button variant="default" loading={take.pending} onClick={() => void take.run(fields)}>
          {words.facts.take}
        </Button>
      )}
      {offered.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default" rightSection={<Icon name="down" size={12} />}>
              {words.facts.more}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {offered.map((name) => (
              <Menu.Item key={name} onClick={() => openForm(name, fields)}>
                {catalogue.operation(name)?.title ?? name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <ProblemAlert problem={take.problem} />
    </Group>
  );
}

/** Whoever asked says whether it is solved, and how it went. */
function Verdict({ request, onReopen }: { request: RequestShown; onReopen: () => void }) {
  const confirm = useRun("office.request.confirm");
  if (!request.own || !request.can.includes("office.request.confirm")) return <Rating request={request} />;
  return (
    <div className="hw-request-verdict">
      <strong>{words.done.solved}</strong>
      <span className="hw-dim hw-small">{words.done.solvedSays}</span>
      <Group gap="xs">
        <Button loading={confirm.pending} onClick={() => void confirm.run({ requestId: request.id })}>
          {words.done.confirm}
        </Button>
        {request.can.includes("office.request.reopen") && (
          <Button variant="default" onClick={onReopen}>
            {words.done.reopen}
          </Button>
        )}
      </Group>
      <ProblemAlert problem={confirm.problem} />
    </div>
  );
}

function Rating({ request }: { request: RequestShown }) {
  const rate = useRun("office.request.rate", words.done.rated);
  const [score, setScore] = useState(0);
  const [says, setSays] = useState("");
  if (!request.own || !request.can.includes("office.request.rate")) return null;
  return (
    <div className="hw-request-verdict">
      <strong>{words.done.rate}</strong>
      <span className="hw-dim hw-small">{words.done.rateSays}</span>
      <div role="group" aria-label={words.done.rate} className="hw-request-stars">
        {[1, 2, 3, 4, 5].map((one) => (
          <Button
            key={one}
            variant={one === score ? "filled" : "default"}
            aria-pressed={one === score}
            aria-label={words.done.star(one)}
            onClick={() => setScore(one)}
          >
            {one}
          </Button>
        ))}
      </div>
      {score > 0 && (
        <>
          <Textarea
            autosize
            minRows={1}
            aria-label={words.done.rateWords}
            placeholder={words.done.rateWords}
            value={says}
            onChange={(event) => setSays(event.currentTarget.value)}
          />
          <Button
            loading={rate.pending}
            onClick={() => void rate.run({ requestId: request.id, score, ...(says.trim() && { says }) })}
            style={{ alignSelf: "flex-start" }}
          >
            {words.done.rateSend}
          </Button>
        </>
      )}
      <ProblemAlert problem={rate.problem} />
    </div>
  );
}

interface PanelProps {
  readonly request: RequestShown;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
  readonly focus: number;
}

export function RequestPanel({ request, writing, onWriting, focus }: PanelProps) {
  return (
    <div className="hw-request-panel">
      <div className="hw-request-main">
        <Thread request={request} />
        <Verdict request={request} onReopen={() => onWriting("reopen")} />
        <Compose request={request} writing={writing} onWriting={onWriting} focus={focus} />
      </div>
      <RequestFacts request={request} />
    </div>
  );
}

export function RequestHead({ request }: { request: RequestShown }) {
  return (
    <>
      <StateBadge state={request.state} />
      {request.confidential && (
        <span className="hw-dim hw-small">
          <Icon name="lock" size={14} /> {words.ask.confidential}
        </span>
      )}
    </>
  );
}
