// What is said to someone whose roles do not open a page.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ClosedSays, useClosed } from "../kit/closed.tsx";
import { AppLink } from "../kit/link.tsx";
import { EmptyState, PageHeader } from "../kit/page.tsx";
import { text } from "../text.ts";
import { NotFound } from "./not-found.tsx";

function Closed({ title, says }: { title: string; says: ReactNode }) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        icon="lock"
        title={text.notPermitted.heading}
        says={says}
        action={
          <Button component={AppLink} to="/">
            {text.nowhere.home}
          </Button>
        }
      />
    </>
  );
}

/** `needs` is the operation one would have to be allowed to run. */
export function NoEntry({ needs }: { needs: string }) {
  const { data, error } = useClosed(needs);
  if (error?.status === 404) return <NotFound />;
  return <Closed title={data?.title ?? text.notPermitted.title} says={<ClosedSays operation={needs} />} />;
}

/** Of a department in which nothing is theirs; `title` as the house calls it. */
export const NoDepartment = ({ title }: { title: string | undefined }) =>
  title ? <Closed title={title} says={text.notPermitted.ask} /> : <NotFound />;
