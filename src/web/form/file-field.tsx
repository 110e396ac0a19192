// A file: dropped or chosen, uploaded at once, named by what it is called on the person's computer.
import { ActionIcon, Button, Input, Loader } from "@mantine/core";
import { type DragEvent, useId, useRef, useState } from "react";
import { asProblem, filePath, type UploadedFile, uploadFile } from "../client.ts";
import { sizeText } from "../kit/format.ts";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text.ts";

interface FileFieldProps {
  readonly label?: React.ReactNode;
  readonly description?: React.ReactNode;
  readonly error?: React.ReactNode;
  readonly required?: boolean;
  readonly "aria-label"?: string;
  readonly value: string | null | undefined;
  readonly onChange: (fileId: string | null, file?: UploadedFile) => void;
}

function useUpload(onChange: FileFieldProps["onChange"]) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string>();
  const [file, setFile] = useState<UploadedFile>();
  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    setFailed(undefined);
    try {
      const kept = await uploadFile(chosen);
      setFile(kept);
      onChange(kept.id, kept);
    } catch (error) {
      const problem = asProblem(error);
      setFailed(problem.detail || problem.title);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failed, file, take };
}

export function FileField({ label, description, error, required, value, onChange, "aria-label": named }: FileFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { busy, failed, file, take } = useUpload(onChange);
  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <Input.Wrapper id={id} label={label} description={description} error={failed ?? error} required={required} withAsterisk={false}>
      <div
        className="hw-drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <input
          ref={input}
          id={id}
          type="file"
          aria-label={named}
          className="hw-hidden"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            // Who corrects a file chooses it again under the same name: without this the browser would not say so.
            event.currentTarget.value = "";
          }}
        />
        {busy ? <Loader size={18} /> : <Icon name={value ? "file" : "upload"} />}
        {value ? (
          <span className="hw-anywhere">
            <a href={filePath(value, true)} target="_blank" rel="noreferrer">
              {file?.name ?? text.form.fileChosen}
            </a>{" "}
            {file && <span className="hw-dim">{sizeText(file.size)}</span>}
          </span>
        ) : (
          <span>{busy ? text.form.uploading : text.form.drop}</span>
        )}
        <div className="hw-drop-do">
          <Button variant="default" onClick={() => input.current?.click()} disabled={busy}>
            {value ? text.form.otherFile : text.form.chooseFile}
          </Button>
          {value && (
            <ActionIcon aria-label={text.remove} onClick={() => onChange(null)}>
              <Icon name="close" size={14} />
            </ActionIcon>
          )}
        </div>
      </div>
    </Input.Wrapper>
  );
}
