// Templates beside the journal grid: start from one, or keep what was typed as one.
import { Button, Popover, Select, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { ProblemAlert, type Row, useMay, usePage, useRun } from "../../kit/index.ts";
import { type AccountRow, accountChoices } from "./choices.ts";
import { amountOf, blankLine, isBlank, type LineDraft, minorOf, sentLine } from "./entry-lines.rules.ts";
import { words } from "./book-words.ts";
import type { EntryHand } from "./use-entry.ts";

interface TemplateRow extends Row {
  readonly name: string;
  readonly journal: string;
  readonly text: string;
  readonly amount: { readonly amount: string } | null;
  readonly partyId: string | null;
  readonly party: string | null;
}

interface TemplateLineRow extends Row {
  readonly accountId: string;
  readonly debit: { readonly amount: string } | null;
  readonly credit: { readonly amount: string } | null;
  readonly debitPercent: string | null;
  readonly creditPercent: string | null;
  readonly takesParty: boolean;
  readonly text: string | null;
}

/** A share of the template's amount; empty when it asks for one. The server shares out cents; here the person sees and corrects them. */
function shareOf(template: TemplateRow, percent: string | null, currency: string): string {
  const whole = template.amount && percent ? minorOf(template.amount.amount, currency) : undefined;
  if (whole === undefined) return "";
  const [units = "0", part = ""] = percent!.split(".");
  const millionths = BigInt(units + part.padEnd(6, "0"));
  return amountOf((whole * millionths + 50_000_000n) / 100_000_000n, currency);
}

const draftOf = (
  template: TemplateRow,
  rows: readonly TemplateLineRow[],
  accounts: readonly AccountRow[],
  currency: string,
): readonly LineDraft[] => {
  const known = new Map(accountChoices(accounts).map((choice) => [choice.id, choice]));
  return rows.map((row, index) => ({
    ...blankLine(index + 1),
    account: known.get(row.accountId) ?? null,
    text: row.text ?? "",
    party: row.takesParty && template.partyId ? { id: template.partyId, label: template.party ?? "" } : null,
    debit: row.debit?.amount ?? shareOf(template, row.debitPercent, currency),
    credit: row.credit?.amount ?? shareOf(template, row.creditPercent, currency),
  }));
};

function StartFrom({ entry, accounts }: TemplateProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const found = usePage<TemplateRow>("finance.entryTemplate", { filter: { state: "active" }, sort: "name", limit: 200 });
  const lines = usePage<TemplateLineRow>(
    "finance.entryTemplateLine",
    { filter: { entryTemplateId: chosen ?? "" }, sort: "position", limit: 200 },
    { enabled: chosen !== null },
  );
  const templates = found.data?.rows ?? [];
  const template = templates.find((one) => one.id === chosen);
  const rows = lines.data?.rows;
  const { change, changeLines, currency } = entry;
  useEffect(() => {
    if (!template || !rows || rows.length === 0) return;
    setChosen(null);
    change(() => ({ journal: template.journal, text: template.text }));
    changeLines(() => draftOf(template, rows, accounts, currency));
  }, [template, rows, accounts, change, changeLines, currency]);
  if (templates.length === 0) return null;
  return (
    <Select
      aria-label={words.entry.startFrom}
      placeholder={words.entry.startFrom}
      size="xs"
      w={230}
      searchable
      data={templates.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen}
      onChange={setChosen}
    />
  );
}

function Keep({ entry }: { entry: EntryHand }) {
  const keep = useRun("finance.entryTemplate.create", words.entry.templateKept);
  const [name, setName] = useState<string>();
  const filled = entry.draft.lines.filter((line) => !isBlank(line));
  const isReady = filled.length >= 2 && entry.sums.difference === 0n && entry.draft.text.trim() !== "";
  const save = async (): Promise<void> => {
    const { journal, text } = entry.draft;
    const party = filled.find((line) => line.party)?.party;
    const lines = filled.map((line) => {
      const { partyId, dimensions: _, ...sent } = sentLine(line, entry.currency);
      return { ...sent, takesParty: partyId !== undefined };
    });
    const kept = await keep.run({ name, journal, text: text.trim(), lines, ...(party ? { partyId: party.id } : {}) });
    if (kept) setName(undefined);
  };
  return (
    <Popover opened={name !== undefined} onChange={(isOpen) => !isOpen && setName(undefined)} trapFocus withArrow width={320}>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="xs" disabled={!isReady} onClick={() => setName(entry.draft.text.trim().slice(0, 60))}>
          {words.entry.keepTemplate}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label={words.entry.templateName}
          maxLength={60}
          value={name ?? ""}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && void save()}
        />
        <ProblemAlert problem={keep.problem} />
        <Button mt="xs" size="xs" loading={keep.pending} disabled={!name?.trim()} onClick={() => void save()}>
          {words.entry.keep}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TemplateProps {
  readonly entry: EntryHand;
  readonly accounts: readonly AccountRow[];
}

export function EntryTemplates({ entry, accounts }: TemplateProps) {
  const may = useMay("finance.entryTemplate.create");
  if (!may) return null;
  return (
    <div className="hw-entry-templates">
      <StartFrom entry={entry} accounts={accounts} />
      <Keep entry={entry} />
    </div>
  );
}
