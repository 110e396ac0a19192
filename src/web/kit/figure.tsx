// A figure with its name, for Today and dashboards; it drills into where it comes from.
import { Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { amountText, isMoney, type MoneyValue, numberText } from "./format.ts";
import { AppLink } from "./link.tsx";

interface FigureProps {
  readonly title: string;
  readonly value: string | number | MoneyValue | null;
  /** Where it comes from, as a path of the app. */
  readonly to?: string | null;
  /** A short remark under it: a comparison, a due day. */
  readonly note?: ReactNode;
}

export function Figure({ title, value, to, note }: FigureProps) {
  const words = (
    <>
      <Text size="xs" c="dimmed" className="hw-figure-title">
        {isMoney(value) ? `${title}, ${value.currency}` : title}
      </Text>
      <span className="hw-figure-value">{value === null ? "—" : isMoney(value) ? amountText(value.amount) : numberText(value)}</span>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </>
  );
  return (
    <Paper withBorder className="hw-figure" data-opens={to ? true : undefined}>
      {to ? (
        <AppLink to={to} className="hw-figure-link">
          {words}
        </AppLink>
      ) : (
        words
      )}
    </Paper>
  );
}
