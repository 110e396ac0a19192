// The parts of Today: figures, tasks, decisions, late processes. Each says plainly when there is nothing.
import { Anchor, Badge, Button, Group } from "@mantine/core";
import { amountText, daysFromText, numberText } from "../kit/format.ts";
import { Figure } from "../kit/figure.tsx";
import { AppLink, recordPath, registerPath, useOpenForm } from "../kit/link.tsx";
import { type Page, type Row, useMay, useOperation, usePage } from "../kit/operation.ts";
import { EmptyState, Loaded, Section } from "../kit/page.tsx";
import { useCatalogue, useMe, useToday } from "../kit/session.tsx";
import { MoneyText } from "../kit/show.tsx";
import type { MoneyValue } from "../kit/format.ts";
import { text } from "../text.ts";

interface TodayFigure {
  readonly name: string;
  readonly title: string;
  readonly value: string | number | MoneyValue;
  readonly to: string | null;
  /** The part of the person that asks for it. */
  readonly home: string | null;
}

const isNothing = ({ value }: TodayFigure): boolean =>
  typeof value === "object" ? /^0(\.0+)?$/.test(value.amount) : value === 0 || value === "0" || value === "–";

const FigureName = ({ figure }: { figure: TodayFigure }) =>
  figure.to ? (
    <AppLink to={figure.to} className="hw-quiet">
      {figure.title}
    </AppLink>
  ) : (
    figure.title
  );

const valueText = ({ value }: TodayFigure): string =>
  typeof value === "object" ? `${amountText(value.amount)} ${value.currency}` : numberText(value);

/** What is watched besides the part one plays: one line, so that the part's own figures stand out. */
function FigureLine({ figures }: { figures: readonly TodayFigure[] }) {
  if (figures.length === 0) return null;
  return (
    <ul className="hw-figure-line">
      {figures.map((figure) => (
        <li key={figure.name}>
          <FigureName figure={figure} /> <strong className="hw-number">{valueText(figure)}</strong>
        </li>
      ))}
    </ul>
  );
}

/** Figures that say something as cards; those at zero in one quiet line, because zero is mostly good news. */
function FiguresShown({ figures }: { figures: readonly TodayFigure[] }) {
  const telling = figures.filter((figure) => !isNothing(figure));
  const ofPart = telling.filter(({ home }) => home !== null && home !== "everyone");
  const playsPart = figures.some(({ home }) => home !== null && home !== "everyone");
  const cards = playsPart ? ofPart : telling;
  const quiet = figures.filter(isNothing);
  return (
    <section className="hw-figures-part" aria-label={text.today.figures}>
      <div className="hw-figures">
        {cards.map((figure) => (
          <Figure key={figure.name} title={figure.title} value={figure.value} to={figure.to} />
        ))}
      </div>
      <FigureLine figures={telling.filter((figure) => !cards.includes(figure))} />
      {quiet.length > 0 && (
        <p className="hw-dim hw-small">
          {text.today.atZero}{" "}
          {quiet.map((figure, index) => (
            <span key={figure.name}>
              {index > 0 && " · "}
              <FigureName figure={figure} />
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

export function Figures() {
  const may = useMay("platform.today.get");
  const found = useOperation<{ figures: readonly TodayFigure[] }>("platform.today.get", {}, { enabled: may, every: 120_000 });
  if (!may) return null;
  return (
    <Loaded query={found} lines={3}>
      {({ figures }) => figures.length > 0 && <FiguresShown figures={figures} />}
    </Loaded>
  );
}

/** A due day in words; late ones say so in words and colour. */
function Due({ day }: { day: string | null | undefined }) {
  const today = useToday();
  if (!day) return null;
  const late = day < today;
  return (
    <span className={late ? "hw-late" : "hw-dim"}>
      {late ? text.today.late(daysFromText(day, today)) : text.today.due(daysFromText(day, today))}
    </span>
  );
}

interface TaskRow extends Row {
  readonly title: string;
  readonly says: string | null;
  readonly due: string;
  readonly principal: string | null;
  readonly via: string;
  readonly kind: string;
  readonly byFact: boolean;
  readonly asks: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> } | null;
}

const asText = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

function TaskLine({ task }: { task: TaskRow }) {
  const open = useOpenForm();
  const asked = useCatalogue().operation(task.asks?.operation ?? "");
  const mayComplete = useMay("office.task.complete") && !task.byFact;
  const begin = (): void => {
    if (asked && task.asks)
      open(asked.name, Object.fromEntries(Object.entries(task.asks.input).map(([name, value]) => [name, asText(value)])));
    else open("office.task.complete", { taskId: task.id });
  };
  return (
    <li className="hw-work">
      <div className="hw-work-words">
        <Anchor component={AppLink} to={recordPath("office.task", task.id)} inherit c="inherit" fw={560}>
          {task.title}
        </Anchor>
        <span className="hw-small">
          <Due day={task.due} />
          {task.principal && <span> · {text.today.forPerson(task.principal)}</span>}
          {task.says && <span className="hw-dim"> · {task.says}</span>}
        </span>
      </div>
      {(asked || mayComplete) && (
        <Button variant={asked ? "light" : "default"} onClick={begin}>
          {asked ? asked.title : text.today.done}
        </Button>
      )}
    </li>
  );
}

/** A decision stands under "For me to decide"; it is not shown twice. */
const isDecision = (task: TaskRow): boolean => task.asks?.operation === "office.approval.decide";

/** A step that others do: it closes by its fact, and whoever answers for it only keeps an eye on it. */
const isWatched = (task: TaskRow): boolean => task.kind === "step" && !task.asks;

export function Tasks() {
  const { personId } = useMe();
  const catalogue = useCatalogue();
  const there = Boolean(catalogue.register("office.task"));
  const decisionsElsewhere = Boolean(catalogue.register("office.approval"));
  const filter = { state: "open", ...(personId ? { personId } : {}) };
  const page = usePage<TaskRow>("office.task", { filter, sort: "due", limit: 24, count: true }, { enabled: there, every: 60_000 });
  if (!there) return null;
  return (
    <Section
      title={text.today.tasks}
      actions={
        (page.data?.count ?? 0) > 24 && (
          <Anchor component={AppLink} to={registerPath("office.task", filter)} size="sm">
            {text.record.seeAll}
          </Anchor>
        )
      }
    >
      <Loaded query={page} lines={5}>
        {({ rows: all }) => {
          const rows = all.filter((row) => !isWatched(row) && (!decisionsElsewhere || !isDecision(row)));
          const watched = all.filter(isWatched);
          return (
            <>
              {rows.length === 0 ? (
                <EmptyState icon="check" title={text.today.noTasks} says={text.today.noTasksSays} />
              ) : (
                <ul className="hw-works">
                  {rows.map((row) => (
                    <TaskLine key={row.id} task={row} />
                  ))}
                </ul>
              )}
              {watched.length > 0 && (
                <p className="hw-small">
                  <AppLink to={registerPath("office.task", { ...filter, kind: "step" })} className="hw-quiet">
                    {text.today.watched(numberText(watched.length))}
                  </AppLink>
                </p>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

interface ApprovalRow extends Row {
  readonly title: string;
  readonly amount: MoneyValue | null;
  readonly requestedBy: string | null;
  readonly waitsFor: string | null;
  readonly aboutSubject: string;
  readonly aboutId: string;
  readonly hash: string;
}

function ApprovalLine({ row }: { row: ApprovalRow }) {
  const { user } = useMe();
  const open = useOpenForm();
  const known = useCatalogue().register(row.aboutSubject);
  const decide = (verdict: string): void => open("office.approval.decide", { approvalId: row.id, verdict, hash: row.hash });
  return (
    <li className="hw-work">
      <div className="hw-work-words">
        <Anchor
          component={AppLink}
          to={known ? recordPath(row.aboutSubject, row.aboutId) : recordPath("office.approval", row.id)}
          inherit
          c="inherit"
          fw={560}
        >
          {row.title}
        </Anchor>
        <span className="hw-small hw-dim">
          {row.amount && (
            <>
              <MoneyText value={row.amount} /> ·{" "}
            </>
          )}
          {row.requestedBy && text.today.askedBy(row.requestedBy)}
          {row.waitsFor && !row.waitsFor.includes(user.name) && ` · ${text.today.forPerson(row.waitsFor)}`}
        </span>
      </div>
      <Group gap={6} wrap="nowrap">
        <Button variant="default" onClick={() => decide("decline")}>
          {text.today.decline}
        </Button>
        <Button variant="light" onClick={() => decide("approve")}>
          {text.today.approve}
        </Button>
      </Group>
    </li>
  );
}

export function Approvals() {
  const there = Boolean(useCatalogue().register("office.approval"));
  const filter = { state: "open", mine: "true" };
  const page = usePage<ApprovalRow>("office.approval", { filter, limit: 8, count: true }, { enabled: there, every: 60_000 });
  if (!there) return null;
  return (
    <Section title={text.today.approvals} count={page.data?.count ? numberText(page.data.count) : undefined}>
      <Loaded query={page} lines={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState compact title={text.today.noApprovals} />
          ) : (
            <ul className="hw-works">
              {rows.map((row) => (
                <ApprovalLine key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

interface RunRow extends Row {
  readonly title: string;
  readonly process: string;
  readonly person: string | null;
  readonly steps: number;
  readonly settled: number;
  readonly late: number;
  readonly nextDue: string | null;
  readonly problem: string | null;
}

function RunLine({ row }: { row: RunRow }) {
  return (
    <li className="hw-work">
      <div className="hw-work-words">
        <Anchor component={AppLink} to={recordPath("process.run", row.id)} inherit c="inherit" fw={560}>
          {row.title}
        </Anchor>
        <span className="hw-small">
          <span className="hw-dim">{text.today.steps(numberText(row.settled), numberText(row.steps))} · </span>
          {row.problem ? <span className="hw-late">{row.problem}</span> : <Due day={row.nextDue} />}
        </span>
      </div>
      {row.late > 0 && (
        <Badge color="red" variant="light" leftSection={<span aria-hidden>▲</span>}>
          {text.today.lateSteps(row.late)}
        </Badge>
      )}
    </li>
  );
}

export function Processes() {
  const there = Boolean(useCatalogue().register("process.run"));
  const page = usePage<RunRow>(
    "process.run",
    { filter: { state: "open|unwinding" }, sort: "-late", limit: 8 },
    { enabled: there, every: 120_000 },
  );
  if (!there) return null;
  return (
    <Section
      title={text.today.processes}
      actions={
        <Anchor component={AppLink} to={registerPath("process.run")} size="sm">
          {text.record.seeAll}
        </Anchor>
      }
    >
      <Loaded<Page<RunRow>> query={page} lines={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState compact title={text.today.noProcesses} />
          ) : (
            <ul className="hw-works">
              {rows.map((row) => (
                <RunLine key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
