// One's own expenses, made for a phone: a receipt in two touches, and where each claim stands.
import {
  EmptyState,
  Loaded,
  moneyText,
  type MoneyValue,
  PageHeader,
  RecordLink,
  type Row,
  RunButton,
  Section,
  StateBadge,
  usePage,
} from "../../../kit/index.ts";
import { Capture } from "./capture.tsx";
import { ClaimCard, type ClaimRow } from "./claim-card.tsx";
import "./expense.css";
import { words } from "./words.ts";

interface AdvanceRow extends Row {
  readonly label: string;
  readonly state: string;
  readonly amount: MoneyValue;
  readonly inHand: MoneyValue;
}

function Advances() {
  const found = usePage<AdvanceRow>("finance.expenseAdvance", {
    filter: { mine: "true", state: "requested|approved|paid" },
    sort: "-number",
  });
  if (found.data?.rows.length === 0) return null;
  return (
    <Section title={words.advances}>
      <Loaded query={found} lines={2}>
        {({ rows }) => (
          <ul className="hw-claim-lines">
            {rows.map((advance) => (
              <li key={advance.id}>
                <RecordLink register="finance.expenseAdvance" id={advance.id} label={advance.label} />
                <span className="hw-nowrap">
                  {advance.state === "paid" ? words.inHand(moneyText(advance.inHand)) : moneyText(advance.amount)}{" "}
                  <StateBadge state={advance.state} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

export default function MyExpenses() {
  const found = usePage<ClaimRow>("finance.expenseClaim", { filter: { mine: "true" }, sort: "-number", limit: 40 });
  return (
    <div className="hw-expenses">
      <PageHeader
        title={words.title}
        does={words.does}
        actions={
          <RunButton variant="default" operation="finance.expenseAdvance.request">
            {words.advance}
          </RunButton>
        }
      />
      <Capture />
      <Section title={words.claims}>
        <Loaded query={found} lines={6}>
          {({ rows }) =>
            rows.length === 0 ? (
              <EmptyState icon="file" title={words.empty} says={words.emptySays} />
            ) : (
              <div className="hw-claims">
                {rows.map((claim) => (
                  <ClaimCard key={claim.id} claim={claim} />
                ))}
              </div>
            )
          }
        </Loaded>
      </Section>
      <Advances />
    </div>
  );
}
