// What is said at an address where nothing is.
import { Button } from "@mantine/core";
import { AppLink } from "../kit/link.tsx";
import { EmptyState, PageHeader } from "../kit/page.tsx";
import { text } from "../text.ts";

export function NotFound() {
  return (
    <>
      <PageHeader title={text.nowhere.title} />
      <EmptyState
        icon="search"
        title={text.nowhere.heading}
        says={text.nowhere.says}
        action={
          <Button component={AppLink} to="/">
            {text.nowhere.home}
          </Button>
        }
      />
    </>
  );
}
