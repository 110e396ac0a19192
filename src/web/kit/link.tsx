// Links inside the house: to a record, a register, a form. All are real addresses, so that a new tab and "back" work.
import { Anchor, Button, type ButtonProps } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { type ComponentProps, type MouseEvent, type ReactNode, useCallback } from "react";
import { useOperation } from "./operation.ts";
import { queryText } from "./query.ts";
import { useSetQueryFields } from "./query-state.ts";
import { useCatalogue } from "./session.tsx";
import { useWithin } from "./within.ts";

type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

const queryOf = (fields: Fields): string => queryText(Object.entries(fields));

/** The address of a register: `registerPath("finance.invoice", { state: "open" })`. */
export function registerPath(register: string, filter: Readonly<Record<string, string>> = {}): string {
  const [module = "", subject = ""] = register.split(".");
  return `/r/${module}/${subject}${queryOf(Object.fromEntries(Object.entries(filter).map(([name, value]) => [`filter[${name}]`, value])))}`;
}

export function recordPath(register: string, id: string): string {
  const [module = "", subject = ""] = register.split(".");
  return `/r/${module}/${subject}/${id}`;
}

// With slashes, because `…/finance.invoice.post` looks like a file to servers and proxies; dots are understood as well.
const slashed = (operation: string): string => operation.replaceAll(".", "/");

/** The address of an operation's form, prefilled. */
export const formPath = (operation: string, fields: Fields = {}): string => `/do/${slashed(operation)}${queryOf(fields)}`;

/** The address of a report with its parameters. */
export const reportPath = (operation: string, fields: Fields = {}): string => `/report/${slashed(operation)}${queryOf(fields)}`;

/** Goes to a path of the house that may carry a query: `go("/r/finance/invoice?sort=-day")`. */
export function useGo(): (path: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback((path, options) => (options?.replace ? router.history.replace(path) : router.history.push(path)), [router]);
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;

interface AppLinkProps extends Omit<ComponentProps<"a">, "href"> {
  readonly to: string;
}

/** A link to a path of the house, followed without loading the page anew. */
export function AppLink({ to, onClick, ...rest }: AppLinkProps) {
  const go = useGo();
  return (
    <a
      href={to}
      onClick={(event) => {
        onClick?.(event);
        if (!isPlainClick(event) || rest.target) return;
        event.preventDefault();
        go(to);
      }}
      {...rest}
    />
  );
}

interface RecordLinkProps {
  /** The register, e.g. `people.person`. */
  readonly register: string;
  readonly id: string | null | undefined;
  /** The words of the link; without them the record's label is read. */
  readonly label?: ReactNode;
}

/** A record by its name, as a link. Plain text for someone who may not see that register. */
export function RecordLink({ register, id, label }: RecordLinkProps) {
  const entry = useCatalogue().register(register);
  if (!id) return <span className="hw-dim">—</span>;
  const short = `${id.slice(0, 8)}…`;
  if (!entry) return <>{label || short}</>;
  const isNamed = label !== undefined && label !== null;
  return (
    <Anchor component={AppLink} to={recordPath(register, id)} inherit>
      {isNamed ? label || short : <FoundName register={register} column={entry.label} id={id} short={short} />}
    </Anchor>
  );
}

/** A part of its own, so that a link that brings its name asks nothing: a question, though it is never sent, is remembered for minutes. */
function FoundName({ register, column, id, short }: { register: string; column: string; id: string; short: string }) {
  const name = `${register}.get`;
  const enabled = useCatalogue().may(name);
  const found = useOperation<Readonly<Record<string, unknown>>>(name, { id }, { enabled });
  return <>{String(found.data?.[column] ?? "") || short}</>;
}

/** Opens an operation's form over the present screen; `back` closes it. */
export function useOpenForm(): (operation: string, fields?: Fields) => void {
  const change = useSetQueryFields();
  const within = useWithin();
  return useCallback(
    (operation, fields = {}) => {
      const given = Object.entries(within(operation, fields)).flatMap(([name, value]) =>
        value === undefined || value === null ? [] : [[`with.${name}`, String(value)]],
      );
      change({ do: operation, ...Object.fromEntries(given) }, { push: true });
    },
    [change, within],
  );
}

interface RunButtonProps extends ButtonProps {
  readonly operation: string;
  /** Fields of the form that are already known. */
  readonly fields?: Fields;
  /** The words on the button; by default the operation's title. */
  readonly children?: ReactNode;
}

/** A button that opens an operation's form, shown only to people who may run it. In a new tab it is the form's own page. */
export function RunButton({ operation, fields = {}, children, ...button }: RunButtonProps) {
  const entry = useCatalogue().operation(operation);
  const open = useOpenForm();
  const within = useWithin();
  if (!entry) return null;
  return (
    <Button
      component="a"
      href={formPath(operation, within(operation, fields) as Fields)}
      onClick={(event: MouseEvent) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        open(operation, fields);
      }}
      {...button}
    >
      {children ?? entry.title}
    </Button>
  );
}
