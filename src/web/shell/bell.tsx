// The bell: what was said to this person, newest first; opening one goes to the record it is about.
import { ActionIcon, Button, Indicator, Popover, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { groupedBy } from "../../kernel/group.ts";
import { Icon } from "../kit/icon.tsx";
import { recordPath, registerPath, useGo } from "../kit/link.tsx";
import { type Row, usePage, useRun } from "../kit/operation.ts";
import { EmptyState } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { InstantText } from "../kit/show.tsx";
import { text } from "../text.ts";

interface NotificationRow extends Row {
  readonly title: string;
  readonly text: string | null;
  readonly at: string;
  readonly state: "unread" | "read";
  readonly aboutSubject: string | null;
  readonly aboutId: string | null;
}

/** What is about one record stands together, under the newest of it. */
function threadsOf(rows: readonly NotificationRow[]): readonly (readonly NotificationRow[])[] {
  return [...groupedBy(rows, (row) => (row.aboutId ? `${row.aboutSubject} ${row.aboutId}` : row.id)).values()];
}

function Line({ thread, onOpen }: { thread: readonly NotificationRow[]; onOpen: (thread: readonly NotificationRow[]) => void }) {
  const row = thread[0]!;
  const unread = thread.some((one) => one.state === "unread");
  return (
    <button type="button" className="hw-notice" data-unread={unread || undefined} onClick={() => onOpen(thread)}>
      <span className="hw-notice-title">
        {unread && <span className="hw-hidden">{text.bell.unread} </span>}
        {row.title}
        {thread.length > 1 && <span className="hw-dim"> {text.bell.more(thread.length - 1)}</span>}
      </span>
      {row.text && <span className="hw-notice-text">{row.text}</span>}
      <Text size="xs" c="dimmed" component="span">
        <InstantText value={row.at} ago />
      </Text>
    </button>
  );
}

export function Bell() {
  const catalogue = useCatalogue();
  const there = Boolean(catalogue.register("platform.notification"));
  const [open, is] = useDisclosure(false);
  const go = useGo();
  const page = usePage<NotificationRow>("platform.notification", { limit: 30 }, { enabled: there, every: 60_000 });
  const read = useRun("platform.notification.read");
  if (!there) return null;
  const rows = page.data?.rows ?? [];
  const unread = rows.filter((row) => row.state === "unread").map((row) => row.id);
  const follow = (thread: readonly NotificationRow[]): void => {
    is.close();
    const row = thread[0]!;
    const fresh = thread.filter((one) => one.state === "unread").map((one) => one.id);
    if (fresh.length > 0) void read.run({ notificationIds: fresh });
    if (row.aboutSubject && row.aboutId && catalogue.register(row.aboutSubject)) go(recordPath(row.aboutSubject, row.aboutId));
    else go(registerPath("platform.notification"));
  };
  return (
    <Popover
      opened={open}
      onChange={(to) => (to ? is.open() : is.close())}
      position="bottom-end"
      width={360}
      shadow="md"
      trapFocus
      withRoles
    >
      <Indicator
        disabled={unread.length === 0}
        label={page.data?.next && unread.length === rows.length ? `${unread.length}+` : unread.length}
        size={16}
        color="red"
        offset={5}
      >
        <Popover.Target>
          <ActionIcon onClick={is.toggle} aria-label={text.bell.label(unread.length)}>
            <Icon name="bell" />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label={text.bell.title}>
        <div className="hw-notices-head">
          <Text fw={600}>{text.bell.title}</Text>
          {unread.length > 0 && (
            <Button variant="subtle" size="compact-xs" onClick={() => void read.run({ notificationIds: unread })}>
              {text.bell.readAll}
            </Button>
          )}
        </div>
        <ScrollArea.Autosize mah={420}>
          {rows.length === 0 && <EmptyState compact title={text.bell.empty} says={text.bell.emptySays} />}
          {threadsOf(rows).map((thread) => (
            <Line key={thread[0]!.id} thread={thread} onOpen={follow} />
          ))}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
