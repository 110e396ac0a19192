// What is said to someone whose roles do not open a page.
import { Button } from "@mantine/core";
import { AppLink } from "../kit/link.tsx";
import { EmptyState, PageHeader } from "../kit/page.tsx";
import { text } from "../text.ts";

/** `needs` is the operation one would have to be allowed to run. */
export function NoEntry({ needs }: { needs: string }) {
  return (
    <>
      <PageHeader title={text.notPermitted.title} />
      <EmptyState
        icon="lock"
        title={text.notPermitted.heading}
        says={text.notPermitted.detail(needs)}
        action={
          <Button component={AppLink} to="/">
            {text.nowhere.home}
          </Button>
        }
      />
    </>
  );
}
