// An amount with its currency. The amount stays text from the key to the server: it never becomes a `number`.
import { Input, type InputWrapperProps, NativeSelect, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import type { MoneyValue } from "../kit/format.ts";
import { text } from "../text.ts";

const lastKey = "heartwood.currency";
const usual = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CAD", "AUD", "INR"];
const lastCurrency = (): string => localStorage.getItem(lastKey) ?? "EUR";

/** Reads what people type: `1.234,50`, `1,234.50`, `1 234.5`, `1234,5`. */
export function readAmount(said: string): string {
  const bare = said.replace(/[\s'’_]/g, "").replace("−", "-");
  const comma = bare.lastIndexOf(",");
  const point = bare.lastIndexOf(".");
  if (comma >= 0 && point >= 0) {
    const [thousands, decimal] = comma > point ? [".", ","] : [",", "."];
    return bare.replaceAll(thousands, "").replace(decimal, ".");
  }
  if (comma < 0) return bare.split(".").length > 2 ? bare.replaceAll(".", "") : bare;
  // One comma with three digits behind it separates thousands only where that is how the locale writes it.
  const groups = /^-?\d{1,3}(,\d{3})+$/.test(bare) && (1.5).toLocaleString().includes(".");
  return groups ? bare.replaceAll(",", "") : bare.replace(",", ".");
}

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
