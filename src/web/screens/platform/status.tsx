// How the house is: each part with its state, what it means and what to do next; below, the jobs and mails that failed, each with its
// last error and a way to try again.
import { Anchor, Badge, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import {
  AppLink,
  InstantText,
  Loaded,
  PageHeader,
  ProblemAlert,
  recordPath,
  type Row,
  Section,
  useMay,
  useOperation,
  usePage,
  useRun,
} from "../../kit/index.ts";
import "./status.css";
import { words } from "./words.ts";

type Condition = keyof typeof words.states;

interface Finding {
  readonly name: string;
  readonly title: string;
  readonly state: Condition;
  readonly says: string;
  readonly next: string | null;
  readonly to: string | null;
}

const colours = { well: "green", look: "yellow", broken: "red" } as const;
const signs = { well: "●", look: "◐", broken: "▲" } as const;
const order: readonly Condition[] = ["broken", "look", "well"];

/** The word is always shown: colour and sign are never alone. */
function ConditionBadge({ state }: { state: Condition }) {
  return (
    <Badge className="hw-state" variant="light" color={colours[state]} leftSection={<span aria-hidden>{signs[state]}</span>}>
      {words.states[state]}
    </Badge>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  return (
    <li>
      <span className="hw-status-state">
        <ConditionBadge state={finding.state} />
      </span>
      <strong>{finding.title}</strong>
      <div className="hw-status-words">
        <p>{finding.says}</p>
        {finding.next && (
          <p className="hw-status-next">
            <span className="hw-dim">{words.next}</span> {finding.next}
          </p>
        )}
      </div>
      {finding.to ? (
        <Anchor component={AppLink} to={finding.to} className="hw-status-open">
          {words.open(finding.title)}
        </Anchor>
      ) : (
        <span />
      )}
    </li>
  );
}

interface FailedProps {
  readonly title: ReactNode;
  readonly failure: string | null;
  readonly beside: ReactNode;
  readonly children: ReactNode;
}

function FailedLine({ title, failure, beside, children }: FailedProps) {
  return (
    <li>
      <div>
        {title} <span className="hw-dim hw-small">{beside}</span>
        <div className="hw-small">{failure ?? words.noFailure}</div>
      </div>
      {children}
    </li>
  );
}

interface JobRow extends Row {
  readonly task: string;
  readonly says: string | null;
  readonly state: string;
  readonly failure: string | null;
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly ownCompany: boolean;
}

function FailedJob({ job }: { job: JobRow }) {
  const retry = useRun("platform.job.retry", words.retried);
  const discard = useRun("platform.job.discard", words.discarded);
  const problem = retry.problem ?? discard.problem;
  const title = (
    <Anchor component={AppLink} to={recordPath("platform.job", job.id)} inherit c="inherit" fw={560}>
      {job.says ?? job.task}
    </Anchor>
  );
  return (
    <FailedLine title={title} failure={job.failure} beside={words.attempts(job.attempts, job.attemptsMax)}>
      <Group gap="xs">
        {job.ownCompany && (
          <Button variant="default" loading={discard.pending} onClick={() => void discard.run({ jobId: job.id })}>
            {words.discard}
          </Button>
        )}
        <Button variant="light" loading={retry.pending} onClick={() => void retry.run({ jobId: job.id })}>
          {words.retry}
        </Button>
      </Group>
      {problem && <ProblemAlert problem={problem} />}
    </FailedLine>
  );
}

interface MailRow extends Row {
  readonly subject: string;
  readonly toAddress: string;
  readonly failure: string | null;
  readonly at: string;
}

function FailedMail({ mail }: { mail: MailRow }) {
  const resend = useRun("platform.mail.resend", words.resent);
  const may = useMay("platform.mail.resend");
  const title = (
    <Anchor component={AppLink} to={recordPath("platform.mail", mail.id)} inherit c="inherit" fw={560}>
      {mail.subject}
    </Anchor>
  );
  const beside = (
    <>
      {mail.toAddress} · <InstantText value={mail.at} ago />
    </>
  );
  return (
    <FailedLine title={title} failure={mail.failure} beside={beside}>
      {may && (
        <Button variant="light" loading={resend.pending} onClick={() => void resend.run({ mailId: mail.id })}>
          {words.resend}
        </Button>
      )}
      {resend.problem && <ProblemAlert problem={resend.problem} />}
    </FailedLine>
  );
}

const every = 60_000;

function FailedJobs() {
  const page = usePage<JobRow>("platform.job", { filter: { state: "failed|failing" }, limit: 50 }, { every });
  const rows = page.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={words.failedJobs} count={rows.length}>
      <ul className="hw-failed">
        {rows.map((job) => (
          <FailedJob key={job.id} job={job} />
        ))}
      </ul>
    </Section>
  );
}

function FailedMails() {
  const enabled = useMay("platform.mail.list");
  const page = usePage<MailRow>("platform.mail", { filter: { state: "failed|unsure" }, limit: 50 }, { enabled, every });
  const rows = page.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={words.failedMail} count={rows.length}>
      <ul className="hw-failed">
        {rows.map((mail) => (
          <FailedMail key={mail.id} mail={mail} />
        ))}
      </ul>
    </Section>
  );
}

export default function Status() {
  const found = useOperation<{ state: Condition; at: string; findings: readonly Finding[] }>("platform.status.get", {}, { every });
  const counted = (state: Condition): number => (found.data?.findings ?? []).filter((finding) => finding.state === state).length;
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        beside={found.data && <ConditionBadge state={found.data.state} />}
        actions={
          <Button variant="default" loading={found.isFetching} onClick={() => void found.refetch()}>
            {words.again}
          </Button>
        }
      />
      <Loaded query={found} lines={9}>
        {({ findings, at }) => (
          <>
            <p className="hw-dim" role="status">
              {words.counted(counted("broken"), counted("look"))} · <InstantText value={at} ago />
            </p>
            <ul className="hw-status">
              {findings
                .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
                .map((finding) => (
                  <FindingLine key={finding.name} finding={finding} />
                ))}
            </ul>
            <FailedJobs />
            <FailedMails />
          </>
        )}
      </Loaded>
    </>
  );
}
