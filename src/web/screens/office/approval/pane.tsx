// One wish to decide on: what would change, who agrees, and the two buttons. Nothing is decided but what is seen here.
import { Alert, Button, Group, Textarea } from "@mantine/core";
import { type Ref } from "react";
import {
  Icon,
  InstantText,
  Loaded,
  MoneyText,
  ProblemAlert,
  RecordLink,
  RunButton,
  StateBadge,
  useOperation,
  type useRun,
} from "../../../kit/index.ts";
import type { ApprovalRow, Chain } from "./approval.ts";
import { Questions, Steps } from "./chain.tsx";
import { Files, What } from "./what.tsx";
import { words } from "./words.ts";

const said = words.pane;

interface PaneProps {
  readonly row: ApprovalRow;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly reasonBox: Ref<HTMLTextAreaElement>;
  readonly deciding: ReturnType<typeof useRun<unknown>>;
  readonly onDecide: (verdict: "approve" | "decline") => void;
}

function Buttons({ row, chain, reason, onReason, reasonBox, deciding, onDecide }: PaneProps & { chain: Chain }) {
  return (
    <div className="hw-approval-decide">
      {chain.decidesFor && (
        <Alert color="blue" icon={<Icon name="people" />}>
          {said.forOther(chain.decidesFor)}
        </Alert>
      )}
      <Textarea
        ref={reasonBox}
        label={said.reason}
        description={said.reasonHint}
        value={reason}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        onChange={(event) => onReason(event.currentTarget.value)}
      />
      <ProblemAlert problem={deciding.problem} />
      <Group gap={8}>
        <Button onClick={() => onDecide("approve")} loading={deciding.pending} aria-keyshortcuts="a">
          {said.approve}
        </Button>
        <Button variant="default" onClick={() => onDecide("decline")} disabled={deciding.pending} aria-keyshortcuts="r">
          {said.decline}
        </Button>
        <RunButton operation="office.approval.ask" fields={{ approvalId: row.id }} variant="subtle" />
        {row.policy && <RunButton operation="office.approval.reassign" fields={{ approvalId: row.id }} variant="subtle" />}
      </Group>
    </div>
  );
}

export function Pane(props: PaneProps) {
  const { row } = props;
  const chain = useOperation<Chain>("office.approval.chain", { approvalId: row.id });
  return (
    <article className="hw-approval-pane" aria-label={row.title}>
      <header>
        <h2 className="hw-anywhere">{row.title}</h2>
        <p className="hw-small hw-dim">
          {row.requestedBy && words.inbox.askedBy(row.requestedBy)} · <InstantText value={row.requestedAt} ago />
          {row.policy && ` · ${row.policy}`}
        </p>
        <Group gap="sm">
          {row.amount && (
            <span className="hw-approval-amount">
              <MoneyText value={row.amount} />
            </span>
          )}
          {row.state !== "open" && <StateBadge state={row.state} />}
        </Group>
        {row.failure && (
          <Alert color="red" icon={<Icon name="alert" />}>
            {said.failure} {row.failure}
          </Alert>
        )}
      </header>
      <Loaded query={chain} lines={8}>
        {(found) => (
          <>
            <h3 className="hw-approval-head">{found.operation ?? said.what}</h3>
            <What chain={found} row={row} />
            <Files row={row} />
            {found.questions.length > 0 && <h3 className="hw-approval-head">{said.questions}</h3>}
            <Questions chain={found} />
            <h3 className="hw-approval-head">{said.chain}</h3>
            <Steps chain={found} />
            {found.mayDecide && row.state === "open" && <Buttons {...props} chain={found} />}
            {row.own && row.state === "open" && (
              <Group gap={8} mt="md">
                {found.questions.some((one) => one.answer === null) && (
                  <RunButton operation="office.approval.answer" fields={{ approvalId: row.id }} />
                )}
                <RunButton operation="office.approval.withdraw" fields={{ approvalId: row.id }} variant="subtle" />
              </Group>
            )}
          </>
        )}
      </Loaded>
      <p className="hw-small">
        <RecordLink register="office.approval" id={row.id} label={said.record} />
      </p>
    </article>
  );
}
