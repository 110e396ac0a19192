// What was said about a request, oldest first: what was asked, answers, questions back, and notes among colleagues.
import { download, filePath } from "../../../client.ts";
import { Icon, InstantText, Loaded, type Row, usePage } from "../../../kit/index.ts";
import type { MessageRow, RequestShown } from "./requests.ts";
import { words } from "./words.ts";

interface AttachmentRow extends Row {
  readonly title: string;
  readonly fileId: string;
}

/** Files on a record: asked for only where the words came with some is unknown, so one question for each message shown. */
function Files({ recordId }: { recordId: string }) {
  const found = usePage<AttachmentRow>("office.attachment", { filter: { recordId }, limit: 20 });
  if (!found.data || found.data.rows.length === 0) return null;
  return (
    <ul className="hw-request-files">
      {found.data.rows.map((file) => (
        <li key={file.id}>
          <Icon name="file" size={14} />
          <button type="button" className="hw-textbutton hw-anywhere" onClick={() => void download(filePath(file.fileId), file.title)}>
            {file.title}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Message({ message }: { message: MessageRow }) {
  const deed = message.deed ? words.thread.deeds[message.deed] : undefined;
  return (
    <li className="hw-request-message" data-internal={message.internal || undefined} data-asker={message.byAsker || undefined}>
      <span className="hw-request-message-head">
        <strong>{message.author}</strong>
        {deed && <span> {deed}</span>}
        {message.internal && (
          <span className="hw-request-internal">
            <Icon name="lock" size={12} /> {words.thread.internal}
          </span>
        )}
        <span className="hw-dim hw-small">
          {message.channel === "mail" && `${words.thread.byMail} · `}
          <InstantText value={message.at} ago />
        </span>
      </span>
      <span className="hw-pre">{message.text}</span>
      <Files recordId={message.id} />
    </li>
  );
}

export function Thread({ request }: { request: RequestShown }) {
  const found = usePage<MessageRow>(
    "office.requestMessage",
    { filter: { requestId: request.id }, sort: "id", limit: 500 },
    { every: 60_000 },
  );
  return (
    <ol className="hw-request-thread" aria-label={words.thread.title}>
      <li className="hw-request-message" data-asker>
        <span className="hw-request-message-head">
          <strong>{request.requester}</strong> {words.thread.asked}
          <span className="hw-dim hw-small">
            <InstantText value={request.filedAt} ago />
          </span>
        </span>
        <span className="hw-pre">{request.says ?? request.title}</span>
        <Files recordId={request.id} />
      </li>
      <Loaded query={found} lines={3}>
        {({ rows }) =>
          rows.length === 0 && request.active ? (
            <li className="hw-dim hw-small">{words.thread.quiet}</li>
          ) : (
            rows.map((message) => <Message key={message.id} message={message} />)
          )
        }
      </Loaded>
    </ol>
  );
}
