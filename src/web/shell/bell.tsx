// The bell: what was said to this person, newest first; opening one goes to the record it is about.
import { ActionIcon, Button, Indicator, Popover, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
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

function Line({ row, onOpen }: { row: NotificationRow; onOpen: (row: NotificationRow) => void }) {
  return (
    <button type="button" className="hw-notice" data-unread={row.state === "unread" || undefined} onClick={() => onOpen(row)}>
      <span className="hw-notice-title">
        {row.state === "unread" && <span className="hw-hidden">{text.bell.unread} </span>}
        {row.title}
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
  const follow = (row: NotificationRow): void => {
    is.close();
    if (row.state === "unread") void read.run({ notificationIds: [row.id] });
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
          {rows.map((row) => (
            <Line key={row.id} row={row} onOpen={follow} />
          ))}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
