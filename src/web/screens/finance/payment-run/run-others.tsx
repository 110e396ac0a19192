// Open bills that a draft could pay besides, and why others may not be paid now.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { DayText, Icon, Loaded, MoneyText, RecordLink, Section, useOperation, useToday } from "../../../kit/index.ts";
import type { Candidate } from "./run.ts";
import { words } from "./words.ts";

interface OthersProps {
  readonly paymentRunId: string;
  readonly busy: boolean;
  readonly onTake: (billId: string) => void;
}

function Other({ bill, busy, onTake }: Omit<OthersProps, "paymentRunId"> & { bill: Candidate }) {
  const today = useToday();
  return (
    <li data-reason={bill.reason ?? undefined}>
      <span className="hw-run-other-words">
        <strong className="hw-anywhere">{bill.supplier}</strong>
        <span className="hw-dim hw-small">
          <RecordLink register="finance.bill" id={bill.billId} label={bill.bill} /> ·{" "}
          <span className={bill.dueDay < today ? "hw-late" : undefined}>
            <DayText value={bill.dueDay} />
          </span>
        </span>
        {bill.says && (
          <span className="hw-run-warning">
            <Icon name="alert" size={13} /> {bill.says}
          </span>
        )}
      </span>
      <MoneyText value={bill.amount} />
      {bill.reason === null && (
        <Button
          size="compact-sm"
          variant="default"
          disabled={busy}
          aria-label={words.takeBill(bill.bill)}
          onClick={() => onTake(bill.billId)}
        >
          {words.take}
        </Button>
      )}
    </li>
  );
}

export function RunOthers({ paymentRunId, busy, onTake }: OthersProps) {
  const found = useOperation<{ bills: readonly Candidate[] }>(
    "finance.paymentRun.candidates",
    { paymentRunId, limit: 500 },
    { keep: true },
  );
  const [asked, setAsked] = useState("");
  const said = asked.trim().toLowerCase();
  return (
    <Section title={words.others} count={found.data?.bills.length}>
      <Loaded query={found} lines={5}>
        {({ bills }) =>
          bills.length === 0 ? (
            <p className="hw-dim">{words.noOthers}</p>
          ) : (
            <>
              {bills.length > 8 && (
                <TextInput
                  size="xs"
                  aria-label={words.filter}
                  placeholder={words.filter}
                  value={asked}
                  onChange={(event) => setAsked(event.currentTarget.value)}
                />
              )}
              <ul className="hw-run-others" tabIndex={0} aria-label={words.others}>
                {bills
                  .filter((bill) => `${bill.supplier} ${bill.bill}`.toLowerCase().includes(said))
                  .map((bill) => (
                    <Other key={bill.billId} bill={bill} busy={busy} onTake={onTake} />
                  ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
