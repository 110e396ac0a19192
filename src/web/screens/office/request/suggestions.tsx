// What is known already about what somebody is about to ask, while they type.
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Icon, LongTextShown, useGo, useOperation, useRun } from "../../../kit/index.ts";
import { words } from "./words.ts";

interface Article {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export function Suggestions({ asked }: { asked: string }) {
  const [settled] = useDebouncedValue(asked.trim().slice(0, 300), 250);
  const enabled = settled.length >= 3;
  const found = useOperation<{ articles: readonly Article[] }>("office.article.suggest", { text: settled }, { enabled, keep: true });
  const articles = enabled ? (found.data?.articles ?? []) : [];
  if (articles.length === 0) return null;
  return (
    <aside className="hw-request-known" aria-label={words.ask.known}>
      <strong>{words.ask.known}</strong>
      {articles.map((article) => (
        <Known key={article.id} article={article} sought={settled} />
      ))}
    </aside>
  );
}

function Known({ article, sought }: { article: Article; sought: string }) {
  const [open, setOpen] = useState(false);
  const helped = useRun("office.article.confirm", words.ask.helpedDone);
  const go = useGo();
  const thank = async (): Promise<void> => {
    if ((await helped.run({ articleId: article.id, sought })) !== undefined) go("/requests/mine");
  };
  return (
    <div className="hw-request-article">
      <button type="button" className="hw-textbutton" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="file" size={14} /> {article.title}
      </button>
      {open && (
        <>
          <LongTextShown value={article.text} lines={12} />
          <Button variant="light" size="xs" loading={helped.pending} onClick={() => void thank()}>
            {words.ask.helped}
          </Button>
        </>
      )}
    </div>
  );
}
