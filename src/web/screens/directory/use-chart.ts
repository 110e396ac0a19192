// Which branches of the chart are open, where the keyboard is, and how the arrows walk.
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useGo } from "../../kit/index.ts";
import { pathOfSeat } from "./seat-branch.tsx";
import { above, matching, type SeatTree, walk } from "./seat-tree.ts";

/** At first the two uppermost levels are to be seen. */
const openAtFirst = (tree: SeatTree): ReadonlySet<string> => new Set(tree.roots.map((root) => root.seat.positionId));

function useTypeAhead(): (key: string) => string {
  const typed = useRef({ said: "", at: 0 });
  return (key) => {
    const now = performance.now();
    typed.current = { said: now - typed.current.at < 700 ? typed.current.said + key : key, at: now };
    return typed.current.said.toLowerCase();
  };
}

export function useChart(tree: SeatTree, asked: string) {
  const go = useGo();
  const box = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => openAtFirst(tree));
  const [at, setAt] = useState<string>();
  const typeAhead = useTypeAhead();
  const found = useMemo(() => matching(tree, asked), [tree, asked]);
  const open = useMemo(() => new Set([...chosen, ...found.slice(0, 60).flatMap((id) => above(tree, id))]), [chosen, found, tree]);
  const here = at && tree.byId.has(at) ? at : tree.roots[0]?.seat.positionId;

  const show = useCallback((id: string, focus: boolean) => {
    setAt(id);
    requestAnimationFrame(() => {
      const item = box.current?.querySelector<HTMLElement>(`#seat-${CSS.escape(id)}`);
      if (focus) item?.focus({ preventScroll: true });
      item?.firstElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }, []);
  const reveal = useCallback(
    (id: string, focus = true) => {
      setChosen((now) => new Set([...now, ...above(tree, id)]));
      show(id, focus);
    },
    [show, tree],
  );
  useEffect(() => {
    if (found[0]) show(found[0], false);
  }, [found, show]);

  const toggle = useCallback(
    (id: string) => {
      const isOpen = open.has(id);
      setChosen(isOpen ? new Set([...open].filter((one) => one !== id)) : new Set([...open, id]));
    },
    [open],
  );
  const seen = useMemo(() => walk(tree.roots, open), [tree, open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !here) return;
    const index = seen.findIndex((branch) => branch.seat.positionId === here);
    const branch = seen[index];
    if (!branch) return;
    const to = (target: { readonly seat: { readonly positionId: string } } | undefined): void => target && show(target.seat.positionId, true);
    const isOpen = open.has(here) && branch.children.length > 0;
    if (event.key === "ArrowDown") to(seen[index + 1]);
    else if (event.key === "ArrowUp") to(seen[index - 1]);
    else if (event.key === "Home") to(seen[0]);
    else if (event.key === "End") to(seen.at(-1));
    else if (event.key === "ArrowRight" && branch.children.length > 0) isOpen ? to(branch.children[0]) : toggle(here);
    else if (event.key === "ArrowLeft" && isOpen && branch.level > 1) toggle(here);
    else if (event.key === "ArrowLeft" && branch.parent) show(branch.parent, true);
    else if (event.key === "Enter") go(pathOfSeat(branch.seat));
    else if (event.key === " " && branch.children.length > 0) toggle(here);
    else if (/^\p{L}$/u.test(event.key)) {
      const said = typeAhead(event.key);
      const from = said.length > 1 ? index : index + 1;
      to([...seen.slice(from), ...seen.slice(0, from)].find(({ seat }) => (seat.person ?? seat.title).toLowerCase().startsWith(said)));
    } else return;
    event.preventDefault();
  };
  return {
    box,
    open,
    here,
    found,
    reveal,
    toggle,
    goTo: useCallback((id: string) => show(id, true), [show]),
    onKeyDown,
    openAll: () => setChosen(new Set(tree.byId.keys())),
    closeAll: () => setChosen(openAtFirst(tree)),
  };
}
