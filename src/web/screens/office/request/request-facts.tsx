// Beside the thread: what the request is, what its form says, what it hangs together with and who follows it.
import {
  DayText,
  InstantText,
  MoneyText,
  type MoneyValue,
  RecordLink,
  type Row,
  Section,
  stateText,
  usePage,
  useRecord,
} from "../../../kit/index.ts";
import { type FormField, shownFields } from "./form.rules.ts";
import { type RequestShown, requestPath } from "./requests.ts";
import { AppLink } from "../../../kit/index.ts";
import { words } from "./words.ts";

const registerOf: Readonly<Record<string, string>> = { person: "directory.person", place: "directory.place" };

function Answer({ field, value }: { field: FormField; value: unknown }) {
  if (field.kind === "yesNo") return <>{value === true ? words.ask.yes : words.ask.no}</>;
  if (field.kind === "money") return <MoneyText value={value as MoneyValue} />;
  if (field.kind === "day") return <DayText value={String(value)} />;
  if (field.kind === "file") return <>✓</>;
  const register = field.register ?? registerOf[field.kind];
  if (register) return <RecordLink register={register} id={String(value)} />;
  return <span className="hw-pre">{Array.isArray(value) ? value.join(", ") : String(value)}</span>;
}

function Answers({ request }: { request: RequestShown }) {
  const form = useRecord("office.requestForm", request.formId);
  const fields = (form.data?.["fields"] ?? []) as readonly FormField[];
  const answered = shownFields(fields, request.answers).filter((field) => field.name in request.answers);
  if (answered.length === 0) return null;
  return (
    <Section title={words.facts.answers}>
      <dl className="hw-request-facts">
        {answered.map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>
              <Answer field={field} value={request.answers[field.name]} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

interface LinkRow extends Row {
  readonly relation: string;
  readonly subject: string;
  readonly recordId: string;
  readonly label: string;
}

function Links({ id }: { id: string }) {
  const found = usePage<LinkRow>("office.requestLink", { filter: { requestId: id }, limit: 50 });
  if (!found.data || found.data.rows.length === 0) return null;
  return (
    <Section title={words.facts.links}>
      <ul className="hw-request-list">
        {found.data.rows.map((link) => (
          <li key={`${link.id}${link.relation}`}>
            <span className="hw-dim">{words.facts.relations[link.relation]}</span>{" "}
            <RecordLink register={link.subject} id={link.recordId} label={link.label} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Watchers({ id }: { id: string }) {
  const found = usePage<Row & { person: string }>("office.requestWatcher", { filter: { requestId: id }, limit: 50 });
  if (!found.data || found.data.rows.length === 0) return null;
  return (
    <Section title={words.facts.watchers}>
      <span>{found.data.rows.map((row) => row.person).join(", ")}</span>
    </Section>
  );
}

export function RequestFacts({ request }: { request: RequestShown }) {
  const facts: [string, React.ReactNode][] = [
    [words.facts.kind, request.kind],
    [words.facts.requester, <RecordLink key="r" register="directory.person" id={request.requesterId} label={request.requester} />],
    ...(request.filedById && request.filedById !== request.requesterId
      ? [[words.facts.filedBy, request.filedBy] as [string, React.ReactNode]]
      : []),
    [words.facts.with, request.person ? `${request.person}${request.unassigned ? ` (${words.facts.nobody})` : ""}` : words.mine.waits],
    [words.facts.priority, stateText(request.priority)],
    ...(request.dueAt
      ? [[words.facts.due, <InstantText key="d" value={request.dueAt} />] as [string, React.ReactNode]]
      : request.paused
        ? [[words.facts.due, words.queue.paused] as [string, React.ReactNode]]
        : []),
    [words.facts.filed, <InstantText key="f" value={request.filedAt} />],
    ...(request.mainId
      ? [
          [
            words.facts.main,
            <AppLink key="m" to={requestPath(request.mainId)}>
              {request.main}
            </AppLink>,
          ] as [string, React.ReactNode],
        ]
      : []),
    ...(request.score === null
      ? []
      : [
          [words.facts.score, `${words.done.star(request.score)}${request.scoreSays ? ` – ${request.scoreSays}` : ""}`] as [
            string,
            React.ReactNode,
          ],
        ]),
  ];
  return (
    <aside className="hw-request-side" aria-label={words.facts.title}>
      <Section title={words.facts.title}>
        <dl className="hw-request-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Answers request={request} />
      {request.works && <Links id={request.id} />}
      {!request.confidential && <Watchers id={request.id} />}
    </aside>
  );
}
