// The currency a document is in, and in a foreign one what a unit of it is worth: the day's rate, unless another was agreed.
import { Select, TextInput } from "@mantine/core";
import { currencies } from "../../../kernel/currency.ts";
import { dayText, numberText, useMay, useOperation } from "../../kit/index.ts";
import { words } from "./book-words.ts";

interface DayRate {
  readonly rate: string;
  readonly day: string;
}

interface CurrencyChoiceProps {
  readonly currency: string;
  readonly bookCurrency: string;
  readonly day: string | null;
  /** As typed; empty for the rate of the day. */
  readonly rate: string;
  readonly onChange: (part: { readonly currency?: string; readonly rate: string }) => void;
  readonly error?: string | undefined;
}

export function CurrencyChoice({ currency, bookCurrency, day, rate, onChange, error }: CurrencyChoiceProps) {
  const isForeign = currency !== bookCurrency;
  const enabled = useMay("finance.exchangeRate.lookUp") && isForeign && day !== null;
  const found = useOperation<DayRate>("finance.exchangeRate.lookUp", { from: currency, to: bookCurrency, day }, { enabled });
  const now = enabled ? found.data : undefined;
  const says = now ? words.currency.rateOf(dayText(now.day)) : enabled && found.error ? found.error.detail : undefined;
  return (
    <div className="hw-currency-choice">
      <Select
        label={words.currency.currency}
        data={[bookCurrency, ...currencies().filter((one) => one !== bookCurrency)]}
        value={currency}
        onChange={(chosen) => chosen && onChange({ currency: chosen, rate: "" })}
        allowDeselect={false}
        searchable
        openOnFocus={false}
        selectFirstOptionOnChange
        error={error}
        data-col="currency"
      />
      {isForeign && (
        <TextInput
          label={words.currency.rate(currency, bookCurrency)}
          description={says}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={now && numberText(now.rate)}
          inputMode="decimal"
          data-col="rate"
          value={rate}
          onChange={(event) => onChange({ rate: event.currentTarget.value.replace(/[^\d.,]/g, "") })}
        />
      )}
    </div>
  );
}
