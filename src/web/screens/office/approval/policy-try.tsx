// Trying a policy before it counts: which of last month's wishes would have waited, and whom it would ask for somebody's wish.
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { MoneyField } from "../../../form/money-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { DataTable, InstantText, ProblemAlert, RecordLink, type Row, useMe, useOperation } from "../../../kit/index.ts";
import { type PolicyDraft, sentConditions, sentSteps } from "./policy-draft.ts";
import { words } from "./words.ts";

const said = words.policy;

interface Tried {
  readonly looked: number;
  readonly waited: number;
  readonly more: boolean;
  readonly rows: readonly (Row & { readonly at: string; readonly by: string; readonly amount: string | null; readonly why: string })[];
}

/** A read that is asked when one presses, and whose answer goes when what was asked changes. */
function useAsked<Answer>(operation: string, asked: object) {
  const [wanted, setWanted] = useState<string>();
  const now = JSON.stringify(asked);
  const isAsked = wanted === now;
  const found = useOperation<Answer>(operation, asked as never, { enabled: isAsked });
  return {
    ask: (): void => setWanted(now),
    pending: isAsked && found.isFetching,
    problem: isAsked ? (found.error ?? undefined) : undefined,
    answer: isAsked ? found.data : undefined,
  };
}

export function TryOut({ draft }: { draft: PolicyDraft }) {
  const { ask, pending, problem, answer } = useAsked<Tried>("office.approvalPolicy.try", {
    operation: draft.operation,
    conditions: sentConditions(draft.conditions),
  });
  return (
    <section className="hw-policy-part" aria-label={said.tryTitle}>
      <Group justify="space-between">
        <div>
          <h2>{said.tryTitle}</h2>
          <p className="hw-small hw-dim">{said.trySays}</p>
        </div>
        <Button variant="default" disabled={!draft.operation} loading={pending} onClick={ask}>
          {said.tryNow}
        </Button>
      </Group>
      <div aria-live="polite">
        <ProblemAlert problem={problem} />
        {answer && (
          <p>
            <strong>{answer.looked === 0 ? said.triedNone : said.tried(answer.waited, answer.looked)}</strong>{" "}
            {answer.more && said.triedMore}
          </p>
        )}
        {answer && answer.rows.length > 0 && (
          <DataTable
            label={said.tryTitle}
            rows={answer.rows}
            columns={[
              { name: "at", title: said.day, cell: (row) => <InstantText value={row.at} /> },
              { name: "by", title: said.by, cell: (row) => row.by },
              { name: "amount", title: said.amount, right: true, cell: (row) => row.amount ?? "" },
              { name: "why", title: said.why, cell: (row) => row.why },
            ]}
          />
        )}
      </div>
    </section>
  );
}

interface Asked {
  readonly steps: readonly {
    readonly title: string;
    readonly needed: number;
    readonly enough: boolean;
    readonly people: readonly {
      readonly personId: string;
      readonly person: string;
      readonly via: string;
      readonly standInId: string | null;
      readonly standIn: string | null;
    }[];
  }[];
}

function StepAsked({ step }: { step: Asked["steps"][number] }) {
  return (
    <li>
      <strong>{step.title}</strong> <span className="hw-dim">{said.neededOf(step.needed, step.people.length)}</span>
      {!step.enough && <span className="hw-late"> ▲ {said.notEnough}</span>}
      <ul>
        {step.people.map((one) => (
          <li key={one.personId}>
            <RecordLink register="directory.person" id={one.personId} label={one.person} /> <span className="hw-dim">({one.via})</span>
            {one.standIn && (
              <>
                {" – "}
                {said.away} <RecordLink register="directory.person" id={one.standInId} label={one.standIn} />
              </>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

export function WhoWould({ draft }: { draft: PolicyDraft }) {
  const [personId, setPersonId] = useState<string | null>(useMe().personId);
  const [amount, setAmount] = useState<{ amount: string; currency: string } | null>(null);
  const { ask, pending, problem, answer } = useAsked<Asked>("office.approvalPolicy.who", {
    steps: sentSteps(draft.steps),
    ...(personId && { personId }),
    ...(amount && { amount }),
  });
  return (
    <section className="hw-policy-part" aria-label={said.whoTitle}>
      <h2>{said.whoTitle}</h2>
      <p className="hw-small hw-dim">{said.whoWouldSays}</p>
      <div className="hw-policy-row">
        <RecordPicker register="directory.person" label={said.whose} value={personId} onChange={setPersonId} />
        <MoneyField label={said.forHowMuch} value={amount} onChange={setAmount} />
        <Button variant="default" disabled={!personId} loading={pending} onClick={ask}>
          {said.whoNow}
        </Button>
      </div>
      <div aria-live="polite">
        <ProblemAlert problem={problem} />
        {answer && (
          <ol className="hw-policy-asked">
            {answer.steps.map((step, index) => (
              <StepAsked key={index} step={step} />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}
