// A day: typed the way the person writes days, or picked from a calendar. "t" is today, "+7" is a week from today.
import { DateInput, type DateInputProps } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import dayjs from "dayjs";
import customParseFormat from "dayjs/plugin/customParseFormat.js";
import { dayPattern } from "../kit/format.ts";
import { useToday } from "../kit/session.tsx";
import { text } from "../text.ts";

dayjs.extend(customParseFormat);

interface DayFieldProps extends Omit<DateInputProps, "value" | "onChange" | "valueFormat" | "dateParser"> {
  readonly value: string | null | undefined;
  readonly onChange: (day: string | null) => void;
}

function readDay(said: string, today: string): string | null {
  const typed = said.trim().toLowerCase();
  const later = /^([+-]\d{1,4})$/.exec(typed);
  if (typed === "t" || typed === text.form.today) return today;
  if (later) return dayjs(today).add(Number(later[1]), "day").format("YYYY-MM-DD");
  const pattern = dayPattern();
  for (const one of [pattern, pattern.replace("YYYY", "YY"), "YYYY-MM-DD", pattern.replace("DD", "D").replace("MM", "M")]) {
    const found = dayjs(typed, one, true);
    if (found.isValid()) return found.format("YYYY-MM-DD");
  }
  return null;
}

export function DayField({ value, onChange, ...rest }: DayFieldProps) {
  const today = useToday();
  return (
    <DateInput
      clearable={!rest.required}
      clearButtonProps={{ "aria-label": text.form.clear }}
      valueFormat={dayPattern()}
      dateParser={(said) => readDay(said, today)}
      placeholder={dayPattern().toLowerCase()}
      defaultDate={today}
      highlightToday
      hideOutsideDates
      ariaLabels={{
        previousMonth: text.form.previousMonth,
        nextMonth: text.form.nextMonth,
        previousYear: text.form.previousYear,
        nextYear: text.form.nextYear,
        monthLevelControl: text.form.chooseMonth,
        yearLevelControl: text.form.chooseYear,
      }}
      popoverProps={{ withinPortal: true }}
      {...rest}
      value={value || null}
      onChange={(day) => onChange(day)}
    />
  );
}
