// The parts every page is made of: its header, its sections, and what it says while loading, when empty and when something is wrong.
import { Alert, Anchor, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { subjectOf } from "../catalogue.ts";
import type { Problem } from "../client.ts";
import { text } from "../text.ts";
import { ClosedSays } from "./closed.tsx";
import { sentenceText } from "./format.ts";
import { Icon, type IconName } from "./icon.tsx";
import { AppLink, formPath, registerPath, reportPath } from "./link.tsx";
import { useCatalogueIfAny } from "./session.tsx";

export interface Crumb {
  readonly title: string;
  readonly to?: string;
}

interface PageHeaderProps {
  readonly title: ReactNode;
  /** The words for the browser's tab when the title is not plain text. */
  readonly tabTitle?: string;
  /** One sentence: what this page is for. */
  readonly does?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  /** Beside the title: a state badge. */
  readonly beside?: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
}

/** What stands beside the title of every page below it, such as a choice that holds for all of the page. */
export const Beside = createContext<ReactNode>(null);

/** The header of a page: where it is, what it is, what can be done. Also names the browser's tab. */
export function PageHeader({ title, tabTitle, does, crumbs = [], beside, actions }: PageHeaderProps) {
  const held = useContext(Beside);
  const named = tabTitle ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = named ? `${named} · ${text.product}` : text.product;
  }, [named]);
  return (
    <header className="hw-pageheader">
      {crumbs.length > 0 && (
        <nav aria-label={text.whereYouAre} className="hw-crumbs">
          {crumbs.map((crumb, index) => (
            <span key={crumb.title}>
              {index > 0 && <span aria-hidden> / </span>}
              {crumb.to ? (
                <Anchor component={AppLink} to={crumb.to} inherit c="dimmed">
                  {crumb.title}
                </Anchor>
              ) : (
                crumb.title
              )}
            </span>
          ))}
        </nav>
      )}
      <div className="hw-pageheader-row">
        <div className="hw-pageheader-words">
          <Group gap="sm" wrap="wrap" align="center">
            <Title order={1} size="h2" className="hw-anywhere">
              {title}
            </Title>
            {beside}
            {held}
          </Group>
          {does && <p className="hw-does">{does}</p>}
        </div>
        {actions && <div className="hw-pageheader-actions">{actions}</div>}
      </div>
    </header>
  );
}

interface SectionProps {
  readonly title: ReactNode;
  readonly count?: number | string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Section({ title, count, actions, children }: SectionProps) {
  return (
    <section className="hw-section">
      <div className="hw-section-head">
        <Title order={2} size="h5">
          {title}
          {count !== undefined && <span className="hw-count"> {count}</span>}
        </Title>
        {actions && (
          <Group gap="xs" wrap="nowrap">
            {actions}
          </Group>
        )}
      </div>
      {children}
    </section>
  );
}

interface EmptyStateProps {
  readonly icon?: IconName;
  readonly title: string;
  /** What to do next, in a sentence. */
  readonly says?: ReactNode;
  readonly action?: ReactNode;
  readonly compact?: boolean;
}

/** What is said where nothing is yet: plainly, with the next step. */
export function EmptyState({ icon = "list", title, says, action, compact }: EmptyStateProps) {
  return (
    <div className="hw-empty" data-compact={compact || undefined}>
      {!compact && (
        <span className="hw-empty-mark">
          <Icon name={icon} size={26} />
        </span>
      )}
      <Text fw={compact ? 400 : 600} size={compact ? "sm" : "md"} c={compact ? "dimmed" : undefined}>
        {title}
      </Text>
      {says && (
        <Text size="sm" c="dimmed" maw="52ch">
          {says}
        </Text>
      )}
      {action}
    </div>
  );
}

interface ProblemAlertProps {
  readonly problem: Problem | null | undefined;
  /** Offers to try again. */
  readonly retry?: () => void;
}

function wordsFor(problem: Problem): { title: string; says: string; colour: string } {
  const detail = problem.detail || problem.title;
  if (problem.status === 0) return { title: text.problem.offline, says: detail, colour: "yellow" };
  if (problem.status === 401) return { title: text.problem.signedOut, says: text.problem.signedOutSays, colour: "yellow" };
  if (problem.status === 403) return { title: text.notPermitted.title, says: detail, colour: "yellow" };
  if (problem.status === 404) return { title: text.problem.notFound, says: detail, colour: "yellow" };
  if (problem.status === 409) return { title: text.problem.refused, says: detail, colour: "yellow" };
  if (problem.status === 413) return { title: text.problem.tooLarge, says: detail, colour: "yellow" };
  if (problem.status === 422) return { title: text.problem.invalid, says: text.problem.invalidSays, colour: "yellow" };
  if (problem.status === 429) return { title: text.problem.tooMany, says: text.problem.tooManySays, colour: "yellow" };
  if (problem.status === 503) return { title: text.problem.outage, says: detail || text.problem.outageSays, colour: "yellow" };
  return { title: text.problem.fault, says: text.problem.faultSays, colour: "red" };
}

const command = /heartwood ([a-z-]+) ([a-z-]+) ([a-z-]+)((?: --?[\w-]+(?:[= ][^\s.,;]+)?)*)/;

/** A sentence of the server: what it names of the command line is a link to the same thing here. */
export function Says({ words: sentence }: { words: string }) {
  const catalogue = useCatalogueIfAny();
  const words = sentenceText(sentence);
  const found = command.exec(words);
  const named = found ? catalogue?.operations.find((one) => one.command.join(" ") === found.slice(1, 4).join(" ")) : undefined;
  if (!found || !named) return <span className="hw-pre">{words}</span>;
  const list = catalogue?.register(subjectOf(named.name));
  const to = named.kind === "write" ? formPath(named.name) : list ? registerPath(list.name) : reportPath(named.name);
  return (
    <span className="hw-pre">
      {words.slice(0, found.index)}
      <AppLink to={to} className="hw-inlink">
        {named.title}
      </AppLink>
      {words.slice(found.index + found[0].length)}
    </span>
  );
}

/** Why it did not work and what to do next. A fault carries its request id, so that it can be found in the log. */
export function ProblemAlert({ problem, retry }: ProblemAlertProps) {
  if (!problem) return null;
  const { title, says, colour } = wordsFor(problem);
  const loose = problem.mistakes.filter((mistake) => mistake.path.length === 0);
  const closed = problem.status === 403 && !problem.detail ? problem.facts["operation"] : undefined;
  return (
    <Alert
      role="alert"
      color={colour}
      title={title}
      icon={<Icon name={problem.status === 403 ? "lock" : "alert"} />}
      className="hw-problem"
    >
      <Stack gap={6}>
        {typeof closed === "string" ? <ClosedSays operation={closed} /> : <Says words={says} />}
        {loose.map((mistake) => (
          <span key={mistake.message}>{mistake.message}</span>
        ))}
        {problem.requestId && problem.status >= 500 && (
          <span className="hw-dim">
            {text.problem.requestId} <code>{problem.requestId}</code>
          </span>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry} style={{ alignSelf: "flex-start" }}>
            {text.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Grey lines in the shape of what is coming. */
export function LoadingLines({ lines = 6 }: { lines?: number }) {
  return (
    <div role="status" aria-label={text.loading} className="hw-loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={14} width={`${92 - ((index * 17) % 45)}%`} animate={false} className="hw-skeleton" />
      ))}
    </div>
  );
}

interface LoadedProps<T> {
  readonly query: { readonly data: T | undefined; readonly error: Problem | null; readonly refetch: () => unknown };
  readonly lines?: number;
  readonly children: (loaded: T) => ReactNode;
}

/** Shows a read's answer; until then lines, and on a problem its words with a way to try again. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemAlert problem={query.error} retry={() => void query.refetch()} />;
  return <LoadingLines lines={lines} />;
}
