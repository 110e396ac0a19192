// Importing a statement: the file is read and proven first, and kept only when the person says so.
import { useState } from "react";
import { asProblem, type Problem, uploadFile } from "../../../client.ts";
import { useRun } from "../../../kit/index.ts";
import type { Imported } from "./bank.ts";
import { words } from "./words.ts";

interface Shown {
  readonly fileId: string;
  readonly name: string;
  readonly imported: Imported;
}

export function useImport(bankAccountId: string) {
  const run = useRun<Imported>("finance.bankStatement.import", words.imported);
  const [shown, setShown] = useState<Shown>();
  const [failed, setFailed] = useState<{ name: string; problem: Problem | undefined }>();
  const [fileId, setFileId] = useState<string>();
  const [busy, setBusy] = useState(false);
  const close = (): void => {
    setShown(undefined);
    setFailed(undefined);
    run.reset();
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    close();
    setBusy(true);
    try {
      const { id } = await uploadFile(file);
      setFileId(id);
      const imported = await run.preview({ fileId: id, bankAccountId });
      if (imported) setShown({ fileId: id, name: file.name, imported });
      else setFailed({ name: file.name, problem: undefined });
    } catch (error) {
      setFailed({ name: file.name, problem: asProblem(error) });
    } finally {
      setBusy(false);
    }
  };
  const keep = async (): Promise<void> => {
    if (shown && (await run.run({ fileId: shown.fileId, bankAccountId }))) close();
  };
  return {
    read,
    keep,
    close,
    shown,
    fileId,
    bankAccountId,
    busy: busy || run.pending,
    name: shown?.name ?? failed?.name,
    problem: failed?.problem ?? run.problem,
  };
}

export type Importing = ReturnType<typeof useImport>;
