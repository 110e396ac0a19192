// Asking for something: choose a kind, fill in its form, send. An address may name the kind and fill in the form, as a QR code does.
import { Button, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { AppLink, Icon, Loaded, PageHeader, ProblemAlert, useGo, useOperation, useRun } from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { CatalogueTiles } from "./catalogue-tiles.tsx";
import { FormFields } from "./form-fields.tsx";
import { type Answers, answersFrom, answersToSend, type FormField, missingFields } from "./form.rules.ts";
import "./request.css";
import { requestPath } from "./requests.ts";
import { Suggestions } from "./suggestions.tsx";
import { words } from "./words.ts";

interface KindForm {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly says: string | null;
  readonly confidential: boolean;
  readonly fields: readonly FormField[];
}

export default function NewRequest() {
  const { kind } = useQueryFields();
  return (
    <div className="hw-requests">
      {kind ? (
        <Form key={kind} code={kind} />
      ) : (
        <>
          <PageHeader title={words.ask.title} does={words.ask.does} />
          <CatalogueTiles />
        </>
      )}
    </div>
  );
}

function Form({ code }: { code: string }) {
  const found = useOperation<KindForm>("office.requestKind.form", { code });
  if (found.error?.code === "kindUnknown") {
    return (
      <>
        <PageHeader title={words.ask.title} does={words.ask.gone} />
        <CatalogueTiles />
      </>
    );
  }
  return (
    <Loaded query={found} lines={10}>
      {(form) => (
        <>
          <PageHeader title={form.title} does={form.says} crumbs={[{ title: words.ask.back, to: "/requests/new" }]} />
          {form.confidential && (
            <p className="hw-request-confidential">
              <Icon name="lock" size={16} /> {words.ask.confidentialSays}
            </p>
          )}
          <Filling form={form} />
        </>
      )}
    </Loaded>
  );
}

function useFilling(form: KindForm) {
  const query = useQueryFields();
  const [title, setTitle] = useState(query["title"] ?? "");
  const [says, setSays] = useState(query["says"] ?? "");
  const [forId, setForId] = useState<string | null>(null);
  const [answers, setAnswers] = useState<Answers>(() => answersFrom(form.fields, query));
  const [tried, setTried] = useState(false);
  const send = useRun<{ id: string; number: string }>("office.request.create");
  const go = useGo();
  const missing = useMemo(() => missingFields(form.fields, answers), [form.fields, answers]);
  const refused = send.problem?.path?.[0] === "answers" ? { [String(send.problem.path[1])]: send.problem.detail } : {};
  const mistakes = { ...Object.fromEntries(tried ? missing.map((name) => [name, words.ask.needed]) : []), ...refused };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (missing.length > 0) {
      event.currentTarget.querySelector<HTMLElement>(`[data-field="${missing[0]}"] :is(input, textarea, button)`)?.focus();
      return;
    }
    const made = await send.run({
      kindId: form.id,
      ...(title.trim() && { title: title.trim() }),
      ...(says.trim() && { says }),
      ...(forId && { forId }),
      answers: answersToSend(form.fields, answers),
    });
    if (made) go(requestPath(made.id));
  };
  const answer = (name: string, value: unknown): void => setAnswers((before) => ({ ...before, [name]: value }));
  return { title, setTitle, says, setSays, forId, setForId, answers, answer, mistakes, submit, send };
}

function Filling({ form }: { form: KindForm }) {
  const filling = useFilling(form);
  const [forOther, setForOther] = useState(false);
  return (
    <form className="hw-request-form" noValidate onSubmit={(event) => void filling.submit(event)}>
      <TextInput
        label={
          <>
            {words.ask.about} <span className="hw-optional">optional</span>
          </>
        }
        placeholder={form.title}
        maxLength={200}
        value={filling.title}
        onChange={(event) => filling.setTitle(event.currentTarget.value)}
      />
      <Suggestions asked={filling.title} />
      <FormFields fields={form.fields} answers={filling.answers} mistakes={filling.mistakes} onAnswer={filling.answer} />
      <Textarea
        label={
          <>
            {words.ask.more} <span className="hw-optional">optional</span>
          </>
        }
        autosize
        minRows={2}
        maxRows={14}
        value={filling.says}
        onChange={(event) => filling.setSays(event.currentTarget.value)}
      />
      {!form.confidential &&
        (forOther ? (
          <RecordPicker
            register="directory.person"
            label={words.ask.forWhom}
            description={words.ask.forSays}
            value={filling.forId}
            onChange={filling.setForId}
          />
        ) : (
          <button type="button" className="hw-textbutton" onClick={() => setForOther(true)}>
            {words.ask.forWhom}
          </button>
        ))}
      <ProblemAlert problem={filling.send.problem} />
      <div className="hw-request-send">
        <Button type="submit" size="md" loading={filling.send.pending}>
          {words.ask.send}
        </Button>
        <Button component={AppLink} to="/requests/new" variant="subtle" size="md">
          {words.ask.back}
        </Button>
      </div>
    </form>
  );
}
