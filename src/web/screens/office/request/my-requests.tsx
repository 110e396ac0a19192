// One's own requests, made for a phone: where each stands, and which waits for one's own answer.
import { Button, SegmentedControl } from "@mantine/core";
import { AppLink, EmptyState, InstantText, Loaded, PageHeader, StateBadge, useMe, usePage, useQueryState } from "../../../kit/index.ts";
import "./request.css";
import { type RequestRow, requestPath } from "./requests.ts";
import { words } from "./words.ts";

const standing = (request: RequestRow): string => {
  if (request.approval === "waiting") return words.mine.waits;
  return request.person ? words.mine.with(request.person) : request.kind;
};

function Card({ request }: { request: RequestRow }) {
  const isAsked = request.state === "waitingForRequester" && request.own;
  return (
    <li>
      <AppLink to={requestPath(request.id)} className="hw-request-card" data-asked={isAsked || undefined}>
        <span className="hw-request-card-head">
          <strong className="hw-anywhere">{request.title}</strong>
          <StateBadge state={request.state} />
        </span>
        <span className="hw-dim hw-small">
          {request.number} · {standing(request)} · <InstantText value={request.changedAt} ago />
        </span>
        {isAsked && <span className="hw-request-wanted">{words.mine.answerWanted}</span>}
      </AppLink>
    </li>
  );
}

/** Open: what one asked for or follows; past: what one asked for. What one works on stands in the queue. */
function useMine(show: string) {
  const { personId } = useMe();
  const isOpen = show === "open";
  const past = { requesterId: personId ?? "", closedAt: "!" };
  const common = { sort: "-changedAt", limit: 100 };
  const found = usePage<RequestRow>("office.request", { ...common, filter: isOpen ? { closedAt: "", works: "false" } : past });
  const worked = usePage<RequestRow>(
    "office.request",
    { ...common, filter: { closedAt: "", own: "true", works: "true" } },
    { enabled: isOpen },
  );
  const rows = [...(found.data?.rows ?? []), ...(isOpen ? (worked.data?.rows ?? []) : [])];
  const isAsked = (row: RequestRow): number => Number(row.state === "waitingForRequester");
  return { found, rows: rows.toSorted((a, b) => isAsked(b) - isAsked(a) || b.changedAt.localeCompare(a.changedAt)) };
}

export default function MyRequests() {
  const [show, setShow] = useQueryState("show", "open");
  const { found, rows } = useMine(show);
  const ask = (
    <Button component={AppLink} to="/requests/new">
      {words.ask.title}
    </Button>
  );
  return (
    <div className="hw-requests">
      <PageHeader title={words.mine.title} does={words.mine.does} actions={ask} />
      <SegmentedControl
        aria-label={words.mine.title}
        className="hw-request-show"
        data={[
          { value: "open", label: words.mine.open },
          { value: "past", label: words.mine.past },
        ]}
        value={show}
        onChange={setShow}
      />
      <Loaded query={found} lines={6}>
        {() =>
          rows.length === 0 ? (
            <EmptyState icon="list" title={words.mine.empty} says={words.mine.emptySays} />
          ) : (
            <ul className="hw-request-cards">
              {rows.map((request) => (
                <Card key={request.id} request={request} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
