// An amount with its currency. The amount stays text from the key to the server: it never becomes a `number`.
import { Input, type InputWrapperProps, NativeSelect, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import type { MoneyValue } from "../kit/format.ts";
import { text } from "../text.ts";
import { readAmount } from "./amount.ts";

const lastKey = "heartwood.currency";
const usual = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CAD", "AUD", "INR"];
const lastCurrency = (): string => localStorage.getItem(lastKey) ?? "EUR";

interface MoneyFieldProps extends Omit<InputWrapperProps, "onChange" | "value" | "onBlur"> {
  readonly value: MoneyValue | null | undefined;
  readonly onChange: (value: MoneyValue) => void;
  readonly onBlur?: () => void;
  readonly "aria-label"?: string;
}

export function MoneyField({ value, onChange, onBlur, "aria-label": named, label, error, ...wrapper }: MoneyFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const currency = value?.currency || lastCurrency();
  const choices = usual.includes(currency) ? usual : [currency, ...usual];
  const leave = (): void => {
    setTyped(undefined);
    onBlur?.();
  };
  return (
    <Input.Wrapper {...wrapper} label={label} error={error} id={id}>
      <div className="hw-money-field">
        <TextInput
          id={id}
          aria-label={named}
          error={Boolean(error)}
          inputMode="decimal"
          autoComplete="off"
          placeholder="0.00"
          classNames={{ input: "hw-number-input" }}
          value={typed ?? value?.amount ?? ""}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            onChange({ amount: readAmount(event.currentTarget.value), currency });
          }}
          onBlur={leave}
        />
        <NativeSelect
          aria-label={text.form.currency}
          data={choices}
          value={currency}
          onChange={(event) => {
            localStorage.setItem(lastKey, event.currentTarget.value);
            onChange({ amount: value?.amount ?? "", currency: event.currentTarget.value });
          }}
        />
      </div>
    </Input.Wrapper>
  );
}
