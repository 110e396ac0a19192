// On the record of a customer or a supplier: what is owed now, what is late, how old it is, and the way to the whole account.
import { Anchor, Group } from "@mantine/core";
import { useContext } from "react";
import { AppLink, Beside, EmptyState, Figure, Loaded, numberText } from "../../kit/index.ts";
import { AgeingBars } from "./ageing-bars.tsx";
import { Books } from "./book-choice.tsx";
import { words } from "./book-words.ts";
import "./finance.css";
import { type Direction, glanceAt, type PartyAccount, usePartyAccount } from "./party-account.ts";

const say = words.partyAccount;

function Glance({ direction, account }: { direction: Direction; account: PartyAccount }) {
  const path = `/finance/${direction}-account?partyId=${account.partyId}`;
  const { openCount, overdue, overdueCount, credit, creditCount } = glanceAt(account);
  if (account.rows.length === 0) return <EmptyState compact title={say.empty} says={say.emptySays} />;
  return (
    <div className="hw-party-panel">
      <div className="hw-figures hw-figures-broad">
        <Figure title={say.balance} value={account.closing} to={path} note={say.itemsOpen(numberText(openCount))} />
        <Figure title={say.overdue} value={overdue} to={`${path}&show=open`} note={say.itemsOpen(numberText(overdueCount))} />
        {creditCount > 0 && <Figure title={say.credit} value={credit} to={`${path}&show=open`} note={say.creditSays} />}
      </div>
      <div>
        <AgeingBars ageing={account.ageing} />
        <Anchor component={AppLink} to={path} size="sm">
          {say.see}
        </Anchor>
      </div>
    </div>
  );
}

function InBooks({ direction, id }: { direction: Direction; id: string }) {
  const found = usePartyAccount(direction, id);
  const choice = useContext(Beside);
  return (
    <>
      {choice && <Group mb="sm">{choice}</Group>}
      <Loaded query={found} lines={4}>
        {(account) => <Glance direction={direction} account={account} />}
      </Loaded>
    </>
  );
}

export const PartyPanel = (props: { direction: Direction; id: string }) => (
  <Books>
    <InBooks {...props} />
  </Books>
);
