// An amount in a line of an entry: typed as people write it, kept as text with a point, and "=" fills in what is missing.
import { useState } from "react";
import { readAmount } from "../../form/amount.ts";
import { amountText } from "../../kit/index.ts";
import { Cell } from "./cell.tsx";
import { amountOf, minorOf } from "./entry-lines.rules.ts";

interface EntryAmountProps {
  readonly value: string;
  readonly currency: string;
  readonly onChange: (amount: string) => void;
  /** "=" was typed. */
  readonly onFill: () => void;
  readonly error?: string;
  readonly label: string;
  readonly column: string;
}

export function EntryAmount({ value, currency, onChange, onFill, error, label, column }: EntryAmountProps) {
  const [typed, setTyped] = useState<string>();
  const change = (said: string): void => {
    if (said.includes("=")) {
      setTyped(undefined);
      onFill();
      return;
    }
    setTyped(said);
    onChange(readAmount(said));
  };
  const leave = (): void => {
    setTyped(undefined);
    const minor = value === "" ? undefined : minorOf(value, currency);
    const exact = minor === undefined ? value : minor === 0n ? "" : amountOf(minor, currency);
    if (exact !== value) onChange(exact);
  };
  return (
    <Cell
      inputMode="decimal"
      aria-label={label}
      column={column}
      error={error}
      className="hw-number-input"
      value={typed ?? (value === "" ? "" : amountText(value))}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}
