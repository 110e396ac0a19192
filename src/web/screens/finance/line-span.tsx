// The days a line of a bill or an invoice is for: two fields under its description, which come when they are asked for.
import { ActionIcon } from "@mantine/core";
import { useState } from "react";
import { DayField } from "../../form/day-field.tsx";
import { dayText, Icon } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import type { LineSpan } from "./line-span.rules.ts";

const say = words.span;

interface SpanFieldsProps {
  readonly span: LineSpan;
  readonly number: number;
  readonly onChange: (part: LineSpan) => void;
  readonly error?: string | undefined;
}

export function SpanFields({ span, number, onChange, error }: SpanFieldsProps) {
  const { serviceFrom = null, serviceUntil = null } = span;
  const [isAsked, setAsked] = useState(false);
  const isShown = isAsked || serviceFrom !== null || serviceUntil !== null;
  const toggle = (): void => {
    setAsked(!isShown);
    if (isShown) onChange({ serviceFrom: null, serviceUntil: null });
  };
  const edge = (name: keyof LineSpan) => ({
    size: "xs" as const,
    "data-col": name,
    clearable: false,
    value: span[name] ?? null,
    onChange: (day: string | null) => onChange({ [name]: day }),
  });
  return (
    <>
      <ActionIcon
        className="hw-span-ask"
        size={24}
        aria-label={isShown ? say.remove(number) : say.ask(number)}
        title={isShown ? say.remove(number) : say.askSays}
        aria-expanded={isShown}
        onClick={toggle}
      >
        <Icon name={isShown ? "close" : "today"} size={14} />
      </ActionIcon>
      {isShown && (
        <div className="hw-span" data-wrong={error ? true : undefined}>
          <DayField {...edge("serviceFrom")} aria-label={say.from(number)} placeholder={say.first} autoFocus={isAsked} />
          <span aria-hidden>–</span>
          <DayField
            {...edge("serviceUntil")}
            aria-label={say.until(number)}
            placeholder={say.last}
            defaultDate={serviceFrom ?? undefined}
          />
          {error && <p className="hw-cell-error">{error}</p>}
        </div>
      )}
    </>
  );
}

/** As a document says it. */
export function SpanText({ span }: { span: LineSpan }) {
  const { serviceFrom, serviceUntil } = span;
  return serviceFrom && serviceUntil ? <>{say.text(dayText(serviceFrom), dayText(serviceUntil))}</> : null;
}
