// Which branches of the chart are open, where the keyboard is, and how the arrows walk.
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useGo } from "../../kit/index.ts";
import { createHere, type Here } from "./here.ts";
import { pathOfSeat } from "./seat-branch.tsx";
import { above, type Branch, matching, type SeatTree, walk } from "./seat-tree.ts";

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

const placeIn = (seen: readonly Branch[], branch: Branch): number =>
  seen.findIndex((one) => one.seat.positionId === branch.seat.positionId);
const isOpenIn = (branch: Branch, open: ReadonlySet<string>): boolean => branch.children.length > 0 && open.has(branch.seat.positionId);

/** Where a key of the tree pattern leads from a branch; undefined when it leads nowhere. */
function targetOf(key: string, branch: Branch, seen: readonly Branch[], open: ReadonlySet<string>): Branch | undefined {
  const index = placeIn(seen, branch);
  if (key === "ArrowDown") return seen[index + 1];
  if (key === "ArrowUp") return seen[index - 1];
  if (key === "Home") return seen[0];
  if (key === "End") return seen.at(-1);
  if (key === "ArrowRight") return isOpenIn(branch, open) ? branch.children[0] : undefined;
  if (key === "ArrowLeft" && !isOpenIn(branch, open)) return seen.find((one) => one.seat.positionId === branch.parent);
  return undefined;
}

function toggles(key: string, branch: Branch, open: ReadonlySet<string>): boolean {
  if (branch.children.length === 0) return false;
  return key === " " || (key === "ArrowRight" && !isOpenIn(branch, open)) || (key === "ArrowLeft" && isOpenIn(branch, open));
}

/** The next seat to be seen whose name begins with what was typed. */
function beginningWith(said: string, branch: Branch, seen: readonly Branch[]): Branch | undefined {
  const from = placeIn(seen, branch) + (said.length > 1 ? 0 : 1);
  return [...seen.slice(from), ...seen.slice(0, from)].find(({ seat }) => (seat.person ?? seat.title).toLowerCase().startsWith(said));
}

interface Walked {
  readonly tree: SeatTree;
  readonly seen: readonly Branch[];
  readonly open: ReadonlySet<string>;
  readonly here: Here;
  readonly show: (id: string, focus: boolean) => void;
  readonly toggle: (id: string) => void;
}

/** The keys of the tree pattern; a letter goes to the next name that begins with it. */
function useTreeKeys({ tree, seen, open, here, show, toggle }: Walked): (event: KeyboardEvent) => void {
  const go = useGo();
  const typeAhead = useTypeAhead();
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const branch = tree.byId.get(here.get() ?? "");
    if (!branch) return;
    const target = targetOf(event.key, branch, seen, open);
    if (target) show(target.seat.positionId, true);
    else if (toggles(event.key, branch, open)) toggle(branch.seat.positionId);
    else if (event.key === "Enter") go(pathOfSeat(branch.seat));
    else if (/^\p{L}$/u.test(event.key)) {
      const found = beginningWith(typeAhead(event.key), branch, seen);
      if (found) show(found.seat.positionId, true);
    } else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  };
}

export function useChart(tree: SeatTree, asked: string) {
  const box = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => openAtFirst(tree));
  const [here] = useState(() => createHere(tree.roots[0]?.seat.positionId));
  const found = useMemo(() => matching(tree, asked), [tree, asked]);
  const open = useMemo(() => new Set([...chosen, ...found.slice(0, 60).flatMap((id) => above(tree, id))]), [chosen, found, tree]);

  const show = useCallback(
    (id: string, focus: boolean) => {
      here.set(id);
      requestAnimationFrame(() => {
        const item = box.current?.querySelector<HTMLElement>(`#seat-${CSS.escape(id)}`);
        if (focus) item?.focus({ preventScroll: true });
        item?.firstElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
      });
    },
    [here],
  );
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
  useEffect(() => {
    // Closing a branch, or another day, may take the seat out of sight; its nearest superior in sight takes its place.
    const now = here.get() ?? "";
    const inSight = new Set(seen.map((branch) => branch.seat.positionId));
    if (!inSight.has(now)) here.set(above(tree, now).findLast((id) => inSight.has(id)) ?? seen[0]?.seat.positionId);
  }, [here, seen, tree]);
  const onKeyDown = useTreeKeys({ tree, seen, open, here, show, toggle });
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
