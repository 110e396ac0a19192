// The present version of a document, shown where nothing in it can run: pictures and text in a sandbox, PDF in the browser's own viewer.
import { Alert, Button } from "@mantine/core";
import { download, filePath } from "../../../client.ts";
import { EmptyState } from "../../../kit/index.ts";
import type { RecordPanelProps } from "../../../screen.ts";
import { documentWords as words } from "./words.ts";
import "./document.css";

const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv", "text/markdown"]);

export default function DocumentPanel({ record }: RecordPanelProps) {
  const { title, version, fileId, mediaType, hash, held } = record as {
    title: string;
    version: number;
    fileId: string | null;
    mediaType: string;
    hash: string;
    held: boolean;
  };
  if (!fileId) return <EmptyState compact title={words.none} says={words.noneSays} />;
  const path = filePath(fileId, true);
  // A browser's own PDF viewer does not start inside a sandbox; everything else is locked in one.
  const sandbox = mediaType === "application/pdf" ? undefined : "";
  return (
    <div className="hw-document">
      {held && (
        <Alert color="orange" variant="light" role="note">
          {words.held}
        </Alert>
      )}
      <div className="hw-document-tools">
        <Button size="compact-sm" variant="default" component="a" href={path} target="_blank" rel="noreferrer">
          {words.open}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void download(filePath(fileId), title)}>
          {words.save}
        </Button>
      </div>
      {shown.has(mediaType) ? (
        <iframe src={path} sandbox={sandbox} title={words.preview(title, version)} className="hw-document-paper" />
      ) : (
        <EmptyState compact title={words.noPreview} says={words.noPreviewSays} />
      )}
      <p className="hw-dim hw-small hw-anywhere">
        {words.fingerprint} {hash}
      </p>
    </div>
  );
}
