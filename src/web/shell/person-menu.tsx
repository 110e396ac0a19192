// Who is acting, with their roles; the way to the account, the colour scheme and out.
import { Avatar, Menu, Text, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { forgetCompany, postJson } from "../client.ts";
import { Icon } from "../kit/icon.tsx";
import { useGo } from "../kit/link.tsx";
import { useMe } from "../kit/session.tsx";
import { text } from "../text.ts";

export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase())
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join("");

export function PersonMenu() {
  const me = useMe();
  const go = useGo();
  const client = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const roles = me.roles.map((role) => role.title).join(", ");
  const signOut = async (): Promise<void> => {
    await postJson("/api/auth/sign-out", {}).catch(() => undefined);
    forgetCompany();
    client.clear();
    location.assign("/");
  };
  return (
    <Menu position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <UnstyledButton className="hw-person" aria-label={text.actingAs(me.user.name)}>
          <Avatar size={30} radius="xl" color="heartwood" variant="filled" aria-hidden>
            {initialsOf(me.user.name)}
          </Avatar>
          <span className="hw-person-words">
            <span className="hw-person-name">{me.user.name}</span>
            <span className="hw-person-role">{me.roles[0]?.title ?? text.member}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="hw-person-card">
          <Text fw={600}>{me.user.name}</Text>
          <Text size="xs" c="dimmed" className="hw-anywhere">
            {me.user.email}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={4}>
            {roles || text.member}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="person" size={16} />} onClick={() => go("/account")}>
          {text.account.title}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name={scheme === "dark" ? "sun" : "moon"} size={16} />}
          onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
        >
          {scheme === "dark" ? text.lightColours : text.darkColours}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void signOut()}>
          {me.demo ? text.signOutDemo : text.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
