// Beside a record: its attachments, what people said about it, and everything that happened with who and when.
import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { download, filePath } from "../client.ts";
import { FileField } from "../form/file-field.tsx";
import { Icon } from "../kit/icon.tsx";
import { type Row, useMay, useOperation, usePage, useRun } from "../kit/operation.ts";
import { EmptyState, Loaded, ProblemAlert, Section } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { InstantText, LongTextShown } from "../kit/show.tsx";
import { text } from "../text.ts";
import { Follow } from "./follow.tsx";

interface AboutRecord {
  readonly subject: string;
  readonly recordId: string;
}

interface CommentRow extends Row {
  readonly text?: string;
  readonly at?: string;
  readonly author?: string;
}

export function Comments({ subject, recordId }: AboutRecord) {
  const there = Boolean(useCatalogue().register("office.comment"));
  const may = useMay("office.comment.add");
  const [said, setSaid] = useState("");
  const add = useRun("office.comment.add");
  const page = usePage<CommentRow>("office.comment", { filter: { recordId }, limit: 100 }, { enabled: there });
  if (!there) return null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (said.trim() && (await add.run({ subject, recordId, text: said })) !== undefined) setSaid("");
  };
  return (
    <Section title={text.comments.title} count={page.data?.rows.length || undefined}>
      <Loaded query={page} lines={2}>
        {({ rows }) => (
          <ul className="hw-comments">
            {rows.map((row) => (
              <li key={row.id}>
                <span className="hw-comment-head">
                  <strong>{row.author}</strong> <InstantText value={row.at} ago />
                </span>
                <LongTextShown value={row.text ?? ""} lines={6} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {may && (
        <form onSubmit={(event) => void submit(event)} className="hw-comment-form">
          <Textarea
            autosize
            minRows={1}
            maxRows={8}
            aria-label={text.comments.write}
            placeholder={text.comments.write}
            value={said}
            onChange={(event) => setSaid(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && event.currentTarget.form?.requestSubmit()}
          />
          {said.trim() && (
            <Button type="submit" loading={add.pending}>
              {text.comments.send}
            </Button>
          )}
          <ProblemAlert problem={add.problem} />
        </form>
      )}
    </Section>
  );
}

interface AttachmentRow extends Row {
  readonly title?: string;
  readonly fileId?: string;
  readonly at?: string;
}

export function Attachments({ subject, recordId }: AboutRecord) {
  const there = Boolean(useCatalogue().register("office.attachment"));
  const may = useMay("office.attachment.add");
  const add = useRun("office.attachment.add");
  const [adding, setAdding] = useState(false);
  const page = usePage<AttachmentRow>("office.attachment", { filter: { recordId }, limit: 100 }, { enabled: there });
  const rows = page.data?.rows ?? [];
  if (!there || (!may && rows.length === 0)) return null;
  return (
    <Section
      title={text.attachments.title}
      count={rows.length || undefined}
      actions={
        may && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<Icon name="clip" size={14} />}
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            {text.attachments.add}
          </Button>
        )
      }
    >
      <ul className="hw-attachments">
        {rows.map((row) => (
          <li key={row.id}>
            <Icon name="file" size={16} />
            <button
              type="button"
              className="hw-textbutton hw-anywhere"
              onClick={() => row.fileId && void download(filePath(row.fileId), row.title ?? "file")}
            >
              {row.title}
            </button>
            <span className="hw-dim hw-small">
              <InstantText value={row.at} ago />
            </span>
          </li>
        ))}
      </ul>
      {adding && (
        <FileField
          aria-label={text.attachments.add}
          value={null}
          onChange={(fileId, file) => {
            if (fileId)
              void add.run({ subject, recordId, fileId, title: file?.name ?? text.attachments.title }).then(() => setAdding(false));
          }}
        />
      )}
      <ProblemAlert problem={add.problem} />
    </Section>
  );
}

interface TimelineEntry {
  readonly id?: string;
  readonly at: string;
  readonly actorName: string;
  readonly operation: string;
  readonly title: string;
  readonly reason?: string | null;
}

export function Timeline({ subject, recordId }: AboutRecord) {
  const may = useMay("platform.timeline.get");
  const found = useOperation<{ entries: readonly TimelineEntry[] }>("platform.timeline.get", { subject, recordId }, { enabled: may });
  if (!may) return null;
  return (
    <Section title={text.timeline.title} actions={<Follow {...{ subject, recordId }} />}>
      <Loaded query={found} lines={4}>
        {({ entries }) =>
          entries.length === 0 ? (
            <EmptyState compact title={text.timeline.empty} />
          ) : (
            <ol className="hw-timeline">
              {entries.map((entry, index) => (
                <li key={entry.id ?? `${entry.at}${index}`}>
                  <span className="hw-timeline-title">{entry.title}</span>
                  <span className="hw-dim hw-small">
                    {entry.actorName} · <InstantText value={entry.at} />
                  </span>
                  {entry.reason && <span className="hw-timeline-reason">“{entry.reason}”</span>}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Section>
  );
}
