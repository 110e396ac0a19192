// The paper of a bill beside its form: dropped or chosen, uploaded at once, shown as the PDF or picture it is.
import { Button, Loader } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { asProblem, filePath, type Problem, uploadFile } from "../../../client.ts";
import { Icon, ProblemAlert } from "../../../kit/index.ts";
import { words } from "./words.ts";

interface PaperProps {
  readonly fileId: string | null;
  readonly onFile: (fileId: string) => void;
}

function useTaking(onFile: PaperProps["onFile"]) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setProblem(undefined);
    try {
      onFile((await uploadFile(file)).id);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, take };
}

/** A PDF in the browser's own viewer, a picture as it is; both come from this house and may run nothing. */
const Shown = ({ fileId }: { fileId: string }) => (
  <iframe src={`${filePath(fileId)}?inline=1`} title={words.paper} className="hw-bill-shown" />
);

export function BillPaper({ fileId, onFile }: PaperProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { busy, problem, take } = useTaking(onFile);
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void take(event.dataTransfer.files[0]);
    },
  };
  return (
    <section className="hw-bill-paper" data-over={over || undefined} data-empty={!fileId || undefined} aria-label={words.paper} {...drop}>
      <input
        ref={input}
        type="file"
        accept="application/pdf,image/png,image/jpeg"
        aria-label={words.choose}
        className="hw-hidden"
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      {problem && <ProblemAlert problem={problem} />}
      {fileId ? (
        <>
          <div className="hw-bill-tools">
            <Button size="compact-sm" variant="subtle" component="a" href={`${filePath(fileId)}?inline=1`} target="_blank" rel="noreferrer">
              {words.openFile}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => input.current?.click()} loading={busy}>
              {words.otherFile}
            </Button>
          </div>
          <Shown fileId={fileId} />
        </>
      ) : (
        <div className="hw-bill-drop">
          {busy ? <Loader size={26} /> : <Icon name="upload" size={26} />}
          <strong>{busy ? words.uploading : words.drop}</strong>
          <span className="hw-dim hw-small">{words.dropSays}</span>
          <Button variant="default" onClick={() => input.current?.click()} disabled={busy}>
            {words.choose}
          </Button>
        </div>
      )}
    </section>
  );
}
