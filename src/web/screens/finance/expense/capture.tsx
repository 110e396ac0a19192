// Adding an expense with one hand: the camera first, then the little that has to be typed.
import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { asProblem, type Problem, uploadFile } from "../../../client.ts";
import { Icon, ProblemAlert, RunButton, useOpenForm } from "../../../kit/index.ts";
import { words } from "./words.ts";

export function Capture() {
  const input = useRef<HTMLInputElement>(null);
  const openForm = useOpenForm();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const { id } = await uploadFile(chosen);
      openForm("finance.expenseLine.addReceipt", { fileId: id });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
      if (input.current) input.current.value = "";
    }
  };
  return (
    <>
      <div className="hw-capture">
        <input
          ref={input}
          type="file"
          accept="image/*,application/pdf"
          capture="environment"
          className="hw-hidden"
          aria-label={words.photograph}
          tabIndex={-1}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        <Button size="lg" leftSection={<Icon name="plus" />} loading={isBusy} onClick={() => input.current?.click()}>
          {isBusy ? words.uploading : words.photograph}
        </Button>
        <RunButton size="lg" px="md" variant="default" operation="finance.expenseLine.addMileage">
          {words.distance}
        </RunButton>
        <RunButton size="lg" px="md" variant="default" operation="finance.expenseLine.addPerDiem">
          {words.days}
        </RunButton>
      </div>
      {problem && <ProblemAlert problem={problem} />}
    </>
  );
}
