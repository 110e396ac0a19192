// The form of any operation, derived from its input: fields, live checks, a preview of what would be booked, and what came of it.
import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocation } from "@tanstack/react-router";
import { type KeyboardEvent, type SyntheticEvent, useEffect, useMemo, useRef, useState } from "react";
import { type FirstOf, isGrave, type JsonSchema, type OperationEntry, present, verbOf } from "../catalogue.ts";
import { closedTo, type Waits } from "../client.ts";
import { Icon } from "../kit/icon.tsx";
import { AppLink, RecordLink, recordPath } from "../kit/link.tsx";
import { type Row, useMay, useOperation, usePage, useRun } from "../kit/operation.ts";
import { OutputShown } from "../kit/output.tsx";
import { RecordFacts } from "../kit/record-facts.tsx";
import { usualOf } from "../kit/usual-columns.ts";
import { LoadingLines, ProblemAlert } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";
import { blankOf, type Draft, fromText, isFields, wireOf } from "./draft.ts";
import { FieldList } from "./field.tsx";
import { resultPath, saysMore } from "./outcome.ts";
import { useDraft } from "./use-draft.ts";

interface OperationFormProps {
  /** The operation's name. */
  readonly operation: string;
  /** Fields that are known already, as text. */
  readonly fields?: Readonly<Record<string, string>>;
  /** After it was done: the path of the record it made or changed, if there is one. */
  readonly onDone: (path: string | undefined) => void;
  readonly onCancel?: () => void;
}

const changes = /^(update|change|edit|correct|rename|revise|amend)/;

/** A form that changes a record starts with what the record says now. */
function useRecordNow(operation: OperationEntry | undefined, fields: Readonly<Record<string, string>>) {
  const catalogue = useCatalogue();
  const id = operation?.target ? fields[operation.target] : undefined;
  const wanted = Boolean(operation?.on && id && changes.test(verbOf(operation.name)) && catalogue.may(`${operation.on}.get`));
  const found = useOperation<Row>(`${operation?.on ?? ""}.get`, { id }, { enabled: wanted });
  return { record: found.data, waiting: wanted && found.isPending };
}

const firstOf = (field: JsonSchema): FirstOf | undefined => {
  const begin = present(field)["x-start"];
  return typeof begin === "object" ? begin : undefined;
};

/** The field that begins with a record, where nobody said which: the first as the operation declares it. */
function useFirst(operation: OperationEntry | undefined, fields: Readonly<Record<string, string>>) {
  const properties = operation ? Object.entries(present(operation.input).properties ?? {}) : [];
  const [name, field] = properties.find(([one, schema]) => firstOf(schema) && fields[one] === undefined) ?? [];
  const register = field && present(field)["x-ref"];
  const wanted = Boolean(useMay(`${register ?? ""}.list`) && field);
  const found = usePage(register ?? "", { ...(field && firstOf(field)), limit: 1 }, { enabled: wanted });
  const [first] = found.data?.rows ?? [];
  return { begun: name && first ? { [name]: first.id, ...fields } : fields, waiting: wanted && found.isPending };
}

/** The minute that runs, as a field of a day and a time holds it. */
const thisMinute = (): string => `${new Date().toISOString().slice(0, 16)}:00.000Z`;

function startOf(operation: OperationEntry, fields: Readonly<Record<string, string>>, record: Row | undefined): Draft {
  const schema = present(operation.input);
  const start = { ...(isFields(blankOf(schema)) ? (blankOf(schema) as object) : {}) } as Record<string, unknown>;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const now = record?.[name];
    const begin = present(field)["x-start"];
    if (begin !== undefined && typeof begin !== "object") start[name] = begin === "now" ? thisMinute() : begin;
    if (now !== undefined && now !== null && name !== operation.target) start[name] = now;
    const said = fields[name];
    if (said !== undefined) start[name] = fromText(field, said);
  }
  return start;
}

/** Of a change only what differs from the record is sent, so that nobody's later correction is overwritten unseen. */
function onlyChanges(operation: OperationEntry, input: Record<string, unknown>, record: Row | undefined): Record<string, unknown> {
  if (!record) return input;
  const required = new Set(present(operation.input).required ?? []);
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => required.has(name) || JSON.stringify(value) !== JSON.stringify(record[name] ?? null)),
  );
}

/** What is acted on; away from its own page with its main facts, so that nobody decides blindly. */
function Target({ operation, id }: { operation: OperationEntry; id: string | undefined }) {
  const catalogue = useCatalogue();
  const path = useLocation({ select: (location) => location.pathname });
  const register = operation.on ? catalogue.register(operation.on) : undefined;
  const elsewhere = Boolean(register && id && path !== recordPath(register.name, id) && catalogue.may(`${register.name}.get`));
  const found = useOperation<Row>(`${operation.on ?? ""}.get`, { id }, { enabled: elsewhere });
  if (!id || !operation.on) return null;
  return (
    <>
      <p className="hw-target">
        <span className="hw-dim">{text.form.on}</span> <RecordLink register={operation.on} id={id} />
      </p>
      {elsewhere && register && found.data && <RecordFacts register={register} record={found.data} only={usualOf(register)} />}
    </>
  );
}

function Done({
  operation,
  output,
  path,
  onClose,
}: {
  operation: OperationEntry;
  output: unknown;
  path: string | undefined;
  onClose: () => void;
}) {
  return (
    <Stack>
      <Alert color="green" icon={<Icon name="check" />} title={text.form.done(operation.title)} role="status">
        {path && <AppLink to={path}>{text.form.seeRecord}</AppLink>}
      </Alert>
      <OutputShown schema={operation.output} value={output} title={operation.title} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{text.close}</Button>
      </Group>
    </Stack>
  );
}

/** Neither done nor refused: where it waits, or that it would. */
function Waiting({ waits }: { waits: Waits }) {
  return (
    <Alert color="yellow" icon={<Icon name="clock" />} title={waits.record ? text.form.waits : text.form.wouldWait} role="status">
      <p>{waits.says}</p>
      {waits.record && <AppLink to={recordPath(waits.record.subject, waits.record.id)}>{text.form.seeApproval}</AppLink>}
    </Alert>
  );
}

function Held({ waits, onClose }: { waits: Waits; onClose: () => void }) {
  return (
    <Stack>
      <Waiting waits={waits} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{text.close}</Button>
      </Group>
    </Stack>
  );
}

function Preview({ operation, output }: { operation: OperationEntry; output: unknown }) {
  return (
    <section className="hw-preview" aria-label={text.form.previewTitle} aria-live="polite">
      <Text fw={600} size="sm">
        {text.form.previewTitle}
      </Text>
      <Text size="xs" c="dimmed">
        {text.form.previewSays}
      </Text>
      <OutputShown schema={operation.output} value={output} title={text.form.previewTitle} />
    </section>
  );
}

/** Why something is done, for the trail; operations that ask for a reason themselves have their own field. */
function Reason({ operation, value, onChange }: { operation: OperationEntry; value: string; onChange: (said: string) => void }) {
  const [open, setOpen] = useState(false);
  if (!operation.target || operation.input.properties?.["reason"]) return null;
  if (!open) {
    return (
      <button type="button" className="hw-textbutton hw-small" onClick={() => setOpen(true)}>
        {text.form.addReason}
      </button>
    );
  }
  return (
    <TextInput
      autoFocus
      label={text.form.reason}
      description={text.form.reasonSays}
      maxLength={300}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const focusMistake = (form: HTMLFormElement | null): void => {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-error="true"] input')?.focus());
};

function useSending(operation: OperationEntry, record: Row | undefined, start: () => Draft, onDone: (path: string | undefined) => void) {
  const catalogue = useCatalogue();
  const schema = present(operation.input);
  const form = useDraft(schema, start);
  const running = useRun<unknown>(operation.name);
  const [reason, setReason] = useState("");
  const [preview, setPreview] = useState<{ of: string; output: unknown }>();
  const [done, setDone] = useState<{ output: unknown; path: string | undefined }>();
  const element = useRef<HTMLFormElement>(null);
  const wire = (): Record<string, unknown> => onlyChanges(operation, (wireOf(schema, form.draft) ?? {}) as Record<string, unknown>, record);
  const send = async (dry: boolean): Promise<void> => {
    form.tryToSend();
    if (!form.isRight) return focusMistake(element.current);
    const input = wire();
    const output = dry ? await running.preview(input) : await running.run(input, reason.trim() || undefined);
    if (output === undefined) return focusMistake(element.current);
    if (dry) return setPreview({ of: JSON.stringify(input), output });
    const path = resultPath(catalogue, operation, output, input);
    if (saysMore(catalogue, operation)) return setDone({ output, path });
    notifications.show({ message: text.form.done(operation.title), color: "green" });
    onDone(path);
  };
  // A preview of something else than what stands in the form would mislead.
  const shown = preview && preview.of === JSON.stringify(wire()) ? preview.output : undefined;
  return { form, schema, running, send, preview: shown, done, element, reason, setReason };
}

interface FootProps {
  readonly operation: OperationEntry;
  readonly isPending: boolean;
  readonly onPreview: () => void;
  readonly onCancel: (() => void) | undefined;
}

function Foot({ operation, isPending, onPreview, onCancel }: FootProps) {
  return (
    <div className="hw-form-foot">
      {onCancel && (
        <Button variant="subtle" color="gray" size="sm" onClick={onCancel}>
          {text.cancel}
        </Button>
      )}
      {operation.previews && (
        <Button variant="default" size="sm" onClick={onPreview} disabled={isPending}>
          {text.form.preview}
        </Button>
      )}
      <Button
        type="submit"
        size="sm"
        loading={isPending}
        aria-keyshortcuts="Control+Enter"
        color={isGrave(operation.name) ? "red" : undefined}
      >
        {operation.title}
      </Button>
    </div>
  );
}

function FormBody({
  operation,
  fields,
  record,
  onDone,
  onCancel,
}: { operation: OperationEntry; fields: Readonly<Record<string, string>>; record: Row | undefined } & Pick<
  OperationFormProps,
  "onDone" | "onCancel"
>) {
  const target = operation.target ? fields[operation.target] : undefined;
  const { form, schema, running, send, preview, done, element, reason, setReason } = useSending(
    operation,
    record,
    () => startOf(operation, fields, record),
    onDone,
  );
  const { answer } = form;
  useEffect(() => answer(running.problem), [answer, running.problem]);
  useEffect(() => {
    const first = element.current?.querySelector<HTMLElement>("input:not([type=file]), textarea, select");
    // A day field would open its calendar over the form.
    if (!first || first.matches(".mantine-DateInput-input")) return;
    first.setAttribute("data-autofocus", "");
    // A modal that opens gives the focus to the field so marked a moment later; taken before that, it could not be given back at the end.
    const dialog = first.closest("[role=dialog]");
    const { activeElement } = document;
    if (!element.current?.contains(activeElement) && (!dialog || dialog.contains(activeElement))) first.focus({ preventScroll: true });
  }, [element]);
  const without = useMemo(() => (target && operation.target ? [operation.target] : []), [operation.target, target]);
  if (running.waits?.record) return <Held waits={running.waits} onClose={() => onDone(undefined)} />;
  if (done) return <Done operation={operation} output={done.output} path={done.path} onClose={() => onDone(done.path)} />;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    void send(false);
  };
  /** In a field of several lines Enter is a new line; with Control it sends from anywhere. */
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <form ref={element} onSubmit={submit} onKeyDown={keys} noValidate className="hw-form" data-changes={record ? true : undefined}>
      <p className="hw-does">{operation.does}</p>
      <Target operation={operation} id={target} />
      <FieldList schema={schema} path={[]} value={form.draft} hand={form.hand} mistakes={form.mistakes} without={without} />
      <Reason operation={operation} value={reason} onChange={setReason} />
      <ProblemAlert problem={running.problem} />
      {running.waits && <Waiting waits={running.waits} />}
      {preview !== undefined && <Preview operation={operation} output={preview} />}
      <Foot operation={operation} isPending={running.pending} onPreview={() => void send(true)} onCancel={onCancel} />
    </form>
  );
}

export function OperationForm({ operation: name, fields = {}, onDone, onCancel }: OperationFormProps) {
  const operation = useCatalogue().operation(name);
  const { record, waiting } = useRecordNow(operation, fields);
  const first = useFirst(operation, fields);
  if (!operation) return <ProblemAlert problem={closedTo(name)} />;
  if (waiting || first.waiting) return <LoadingLines />;
  return <FormBody operation={operation} fields={first.begun} record={record} onDone={onDone} onCancel={onCancel} />;
}
