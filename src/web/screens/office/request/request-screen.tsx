// A request on a page of its own, for whoever asked as for whoever works on it.
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { LoadingLines, PageHeader, ProblemAlert, useOperation } from "../../../kit/index.ts";
import "./request.css";
import { RequestActions, RequestHead, RequestPanel } from "./request-panel.tsx";
import type { RequestShown, Writing } from "./requests.ts";
import { words } from "./words.ts";

export default function RequestScreen() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useOperation<RequestShown>("office.request.get", { id });
  const [writing, setWriting] = useState<Writing>("reply");
  const [focus, setFocus] = useState(0);
  const request = found.data;
  const crumbs = [{ title: words.mine.title, to: request?.works ? "/requests/queue" : "/requests/mine" }];
  if (found.error) {
    return (
      <>
        <PageHeader title={words.request} crumbs={crumbs} />
        <ProblemAlert problem={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  if (!request) return <LoadingLines lines={10} />;
  const write = (one: Writing): void => {
    setWriting(one);
    setFocus(focus + 1);
  };
  return (
    <div className="hw-requests" data-wide>
      <PageHeader
        title={request.title}
        tabTitle={`${request.number} ${request.title}`}
        does={request.number}
        crumbs={request.works ? [{ title: words.queue.title, to: "/requests/queue" }] : crumbs}
        beside={<RequestHead request={request} />}
        actions={<RequestActions request={request} />}
      />
      <RequestPanel key={request.id} request={request} writing={writing} onWriting={write} focus={focus} />
    </div>
  );
}
