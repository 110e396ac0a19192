// Which company one works in; a switch for people who work in several.
import { Button, Menu } from "@mantine/core";
import { chooseCompany } from "../client.ts";
import { Icon } from "../kit/icon.tsx";
import { useMe } from "../kit/session.tsx";
import { text } from "../text.ts";

export function CompanySwitcher() {
  const { tenant, tenants } = useMe();
  if (tenants.length < 2) return <span className="hw-company">{tenant.name}</span>;
  const choose = (id: string): void => {
    chooseCompany(id);
    location.assign("/");
  };
  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<Icon name="down" size={12} />}
          className="hw-company-button"
          aria-label={text.company(tenant.name)}
        >
          {tenant.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text.companies}</Menu.Label>
        {tenants.map((one) => (
          <Menu.Item
            key={one.id}
            onClick={() => choose(one.id)}
            rightSection={one.id === tenant.id ? <Icon name="check" size={14} /> : undefined}
          >
            {one.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
