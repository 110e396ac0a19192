// The command palette: one line that finds any record one may see, any page, and any action one may take.
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../kit/icon.tsx";
import { formPath, useGo, useOpenForm } from "../kit/link.tsx";
import { useOperation } from "../kit/operation.ts";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";
import { type Find, findCommands, findRecords, groupsOf, type Hit } from "./palette-finds.ts";

interface LineProps {
  readonly find: Find;
  readonly id: string;
  readonly here: boolean;
  readonly onChoose: (find: Find) => void;
  readonly onPoint: () => void;
}

function Line({ find, id, here, onChoose, onPoint }: LineProps) {
  const own = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (here) own.current?.scrollIntoView({ block: "nearest" });
  }, [here]);
  return (
    <li
      ref={own}
      id={id}
      role="option"
      aria-selected={here}
      className="hw-palette-line"
      data-here={here || undefined}
      onClick={() => onChoose(find)}
      onPointerMove={onPoint}
    >
      <Icon name={find.icon} size={16} />
      <span className="hw-palette-words">{find.title}</span>
      <span className="hw-palette-hint">{find.hint}</span>
    </li>
  );
}

function useFinds(asked: string): { finds: readonly Find[]; looking: boolean } {
  const catalogue = useCatalogue();
  const words = asked.trim();
  const [late] = useDebouncedValue(words, 140);
  const search = useOperation<{ hits: readonly Hit[] }>(
    "platform.search.find",
    { text: late },
    { enabled: late.length >= 2 && catalogue.may("platform.search.find"), keep: true },
  );
  const commands = useMemo(() => findCommands(catalogue, words), [catalogue, words]);
  const records = useMemo(
    () => (words.length >= 2 ? findRecords(catalogue, search.data?.hits ?? []) : []),
    [catalogue, search.data, words.length],
  );
  return { finds: groupsOf(records, commands), looking: search.isFetching || late !== words };
}

function Finds({
  finds,
  at,
  list,
  onChoose,
  onPoint,
}: {
  finds: readonly Find[];
  at: number;
  list: string;
  onChoose: (find: Find) => void;
  onPoint: (index: number) => void;
}) {
  const kinds = [...new Set(finds.map((find) => find.group))];
  return (
    <div id={list} role="listbox" aria-label={text.palette.found} className="hw-palette-list">
      {kinds.map((kind) => (
        <ul key={kind} role="group" aria-label={kind}>
          <li role="presentation" className="hw-palette-group">
            {kind}
          </li>
          {finds.map(
            (find, index) =>
              find.group === kind && (
                <Line
                  key={find.key}
                  find={find}
                  id={`${list}-${index}`}
                  here={index === at}
                  onChoose={onChoose}
                  onPoint={() => onPoint(index)}
                />
              ),
          )}
        </ul>
      ))}
    </div>
  );
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const { finds, looking } = useFinds(asked);
  const list = useId();
  const go = useGo();
  const openForm = useOpenForm();
  const choose = (find: Find | undefined, newTab = false): void => {
    if (!find) return;
    if (newTab) {
      window.open(find.operation ? formPath(find.operation) : find.to, "_blank", "noopener");
      return;
    }
    onClose();
    if (find.operation) openForm(find.operation);
    else if (find.to) go(find.to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((now) => (finds.length === 0 ? 0 : (now + step + finds.length) % finds.length));
    else if (event.key === "Enter") choose(finds[at], event.metaKey || event.ctrlKey);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={620}
      padding={0}
      yOffset="10dvh"
      attributes={{ content: { "aria-label": text.palette.title } }}
    >
      <div className="hw-palette-ask">
        <Icon name="search" />
        <input
          data-autofocus
          value={asked}
          onChange={(event) => {
            setAsked(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={text.palette.ask}
          aria-label={text.palette.ask}
          role="combobox"
          aria-expanded={finds.length > 0}
          aria-controls={list}
          aria-activedescendant={finds[at] ? `${list}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <Finds finds={finds} at={at} list={list} onChoose={(find) => choose(find)} onPoint={setAt} />
      <p className="hw-palette-foot" role="status">
        {finds.length === 0 ? (looking && asked.trim().length > 1 ? text.palette.looking : text.palette.nothing(asked)) : text.palette.keys}
      </p>
    </Modal>
  );
}
