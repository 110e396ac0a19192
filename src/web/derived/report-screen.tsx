// Any read that is neither a list nor a record: its parameters above, its answer below.
import { Button } from "@mantine/core";
import { type FormEvent, useEffect, useMemo } from "react";
import { type JsonSchema, kindOf, moduleOf, type OperationEntry, present } from "../catalogue.ts";
import { blankOf, fromText, isFields, mistakesOf, wireOf } from "../form/draft.ts";
import { FieldList } from "../form/field.tsx";
import { useDraft } from "../form/use-draft.ts";
import { RecordLink } from "../kit/link.tsx";
import { useOperation } from "../kit/operation.ts";
import { OutputShown } from "../kit/output.tsx";
import { EmptyState, Loaded, PageHeader } from "../kit/page.tsx";
import { useNamedOperation, useQueryFields, useSetQueryFields } from "../kit/query-state.ts";
import { useCatalogue } from "../kit/session.tsx";
import { screens } from "../screens.ts";
import { NoEntry } from "../shell/no-entry.tsx";
import { ScreenGate } from "../shell/screen-gate.tsx";
import { text } from "../text.ts";

type Fields = Readonly<Record<string, unknown>>;

function askedFrom(schema: JsonSchema, fields: Readonly<Record<string, string>>): Fields {
  const start = { ...(isFields(blankOf(schema)) ? (blankOf(schema) as object) : {}) } as Record<string, unknown>;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const said = fields[name];
    if (said !== undefined) start[name] = fromText(field, said);
  }
  return start;
}

const asText = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === "object" ? JSON.stringify(value) : String(value);

function Parameters({ operation, asked, without }: { operation: OperationEntry; asked: Fields; without: readonly string[] }) {
  const schema = present(operation.input);
  const form = useDraft(schema, () => asked);
  const change = useSetQueryFields();
  const { restart } = form;
  const now = JSON.stringify(asked);
  useEffect(() => restart(JSON.parse(now)), [now, restart]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    form.tryToSend();
    if (!form.isRight) return;
    const wire = (wireOf(schema, form.draft) ?? {}) as Fields;
    change(Object.fromEntries(Object.keys(schema.properties ?? {}).map((name) => [name, asText(wire[name])])), { push: true });
  };
  return (
    <form onSubmit={submit} className="hw-parameters" noValidate>
      <FieldList schema={schema} path={[]} value={form.draft} hand={form.hand} mistakes={form.mistakes} without={without} />
      <Button type="submit" size="sm">
        {text.report.show}
      </Button>
    </form>
  );
}

const hiddenFields = (operation: OperationEntry, asked: Fields): readonly string[] => [
  ...(operation.target && asked[operation.target] ? [operation.target] : []),
  ...Object.entries(present(operation.input).properties ?? {}).flatMap(([name, field]) => (kindOf(field) === "const" ? [name] : [])),
];

function Report({ operation }: { operation: OperationEntry }) {
  const fields = useQueryFields();
  const schema = present(operation.input);
  const asked = useMemo(() => askedFrom(schema, fields), [fields, schema]);
  const isComplete = mistakesOf(schema, asked).size === 0;
  const wire = (wireOf(schema, asked) ?? {}) as Fields;
  const found = useOperation<unknown>(operation.name, wire, { enabled: isComplete, keep: true });
  const without = hiddenFields(operation, asked);
  const hasParameters = Object.keys(schema.properties ?? {}).some((name) => !without.includes(name));
  const target = operation.target ? asked[operation.target] : undefined;
  return (
    <>
      {operation.on && typeof target === "string" && (
        <p className="hw-target">
          <RecordLink register={operation.on} id={target} />
        </p>
      )}
      {hasParameters && <Parameters operation={operation} asked={asked} without={without} />}
      {isComplete ? (
        <div aria-live="polite" aria-busy={found.isFetching} className="hw-report">
          <Loaded query={found} lines={10}>
            {(output) => <OutputShown schema={operation.output} value={output} title={operation.title} level={2} />}
          </Loaded>
        </div>
      ) : (
        <EmptyState icon="report" title={text.report.choose} says={text.report.chooseSays} />
      )}
    </>
  );
}

export default function ReportScreen() {
  const name = useNamedOperation();
  const catalogue = useCatalogue();
  const operation = catalogue.operation(name);
  const made = screens.find((screen) => screen.insteadOf?.operation === name);
  if (made) {
    return (
      <ScreenGate needs={made.needs}>
        <made.component />
      </ScreenGate>
    );
  }
  if (!operation) return <NoEntry needs={name} />;
  const module = catalogue.modules.find((one) => one.name === moduleOf(name));
  return (
    <>
      <PageHeader title={operation.title} does={operation.does} crumbs={module ? [{ title: module.title, to: `/m/${module.name}` }] : []} />
      <Report key={name} operation={operation} />
    </>
  );
}
