// Writing about a request: an answer, a question back, a note, what was done. Each is an operation of its own.
import { ActionIcon, Button, SegmentedControl, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { asProblem, type Problem, uploadFile } from "../../../client.ts";
import { Icon, ProblemAlert, useRun } from "../../../kit/index.ts";
import { type RequestShown, type Writing, writings } from "./requests.ts";
import { words } from "./words.ts";

interface Attached {
  readonly id: string;
  readonly name: string;
}

/** What this person may write about it now. */
export const writingsFor = (request: RequestShown): Writing[] => writings.filter((one) => request.can.includes(`office.request.${one}`));

const takesFiles = new Set<Writing>(["reply", "ask", "note", "solve"]);

function useWriting(request: RequestShown, writing: Writing, done: () => void) {
  const [said, setSaid] = useState("");
  const [files, setFiles] = useState<readonly Attached[]>([]);
  const [failed, setFailed] = useState<Problem>();
  const runs = {
    reply: useRun("office.request.reply"),
    ask: useRun("office.request.ask"),
    note: useRun("office.request.note"),
    wait: useRun("office.request.wait"),
    solve: useRun("office.request.solve"),
    reopen: useRun("office.request.reopen"),
  };
  const run = runs[writing];
  const send = async (): Promise<void> => {
    if (said.trim() === "") return;
    const fileIds = takesFiles.has(writing) && files.length > 0 ? { fileIds: files.map((file) => file.id) } : {};
    if ((await run.run({ requestId: request.id, text: said, ...fileIds })) === undefined) return;
    setSaid("");
    setFiles([]);
    done();
  };
  const attach = async (chosen: FileList | null): Promise<void> => {
    setFailed(undefined);
    try {
      for (const file of chosen ?? []) {
        const { id, name } = await uploadFile(file);
        setFiles((before) => [...before, { id, name }]);
      }
    } catch (error) {
      setFailed(asProblem(error));
    }
  };
  const remove = (id: string): void => setFiles((before) => before.filter((file) => file.id !== id));
  return { said, setSaid, files, attach, remove, send, pending: run.pending, problem: failed ?? run.problem };
}

interface ComposeProps {
  readonly request: RequestShown;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
  /** Put the cursor here when it changes. */
  readonly focus: number;
}

export function Compose({ request, writing: wanted, onWriting, focus }: ComposeProps) {
  const may = writingsFor(request);
  const writing = may.includes(wanted) ? wanted : may[0];
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focus > 0) area.current?.focus();
  }, [focus]);
  if (!writing) return null;
  return <Writer {...{ request, writing, onWriting, may, area }} />;
}

interface WriterProps {
  readonly request: RequestShown;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
  readonly may: readonly Writing[];
  readonly area: React.RefObject<HTMLTextAreaElement | null>;
}

function Writer({ request, writing, onWriting, may, area }: WriterProps) {
  const { said, setSaid, files, attach, remove, send, pending, problem } = useWriting(request, writing, () => onWriting(may[0]!));
  return (
    <form
      className="hw-request-compose"
      data-internal={writing === "note" || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {may.length > 1 && (
        <SegmentedControl
          aria-label={words.thread.title}
          size="xs"
          className="hw-request-writings"
          data={may.map((one) => ({ value: one, label: words.thread.write[one] }))}
          value={writing}
          onChange={(chosen) => onWriting(chosen as Writing)}
        />
      )}
      <Textarea
        ref={area}
        autosize
        minRows={2}
        maxRows={14}
        aria-label={words.thread.place[writing]}
        placeholder={words.thread.place[writing]}
        value={said}
        onChange={(event) => setSaid(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {files.length > 0 && (
        <ul className="hw-request-files">
          {files.map((file) => (
            <li key={file.id}>
              <Icon name="file" size={14} /> <span className="hw-anywhere">{file.name}</span>
              <ActionIcon size={24} aria-label={words.thread.removeFile(file.name)} onClick={() => remove(file.id)}>
                <Icon name="close" size={12} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <ProblemAlert problem={problem} />
      <div className="hw-request-compose-foot">
        <Button type="submit" loading={pending} disabled={said.trim() === ""}>
          {words.thread.send[writing]}
        </Button>
        {takesFiles.has(writing) && <AttachButton onFiles={(chosen) => void attach(chosen)} />}
      </div>
    </form>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: FileList | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        className="hw-hidden"
        tabIndex={-1}
        aria-label={words.thread.attach}
        onChange={(event) => {
          onFiles(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <Button variant="subtle" leftSection={<Icon name="clip" size={14} />} onClick={() => input.current?.click()}>
        {words.thread.attach}
      </Button>
    </>
  );
}
