// The keys of the entry grid: Enter goes on, the arrows stay in the column, Alt + = balances, Ctrl + Enter posts.
import type { KeyboardEvent } from "react";

interface EntryKeys {
  readonly onBalance: () => void;
  readonly onPost: () => void;
}

/** Where the first field may have the focus at once: on a phone that would only raise the keyboard over the page. */
export const hasKeyboard = (): boolean => window.matchMedia("(pointer: fine)").matches;

const cellsIn = (part: ParentNode): HTMLElement[] => [...part.querySelectorAll<HTMLElement>("[data-col]")];

function focusOn(cell: HTMLElement | null | undefined): boolean {
  cell?.focus();
  cell?.scrollIntoView({ block: "nearest" });
  return Boolean(cell);
}

const cellOf = (row: Element | null | undefined, column: string | undefined): HTMLElement | null | undefined =>
  row?.querySelector<HTMLElement>(`[data-col="${column}"]`);

/** The next field; a line with an amount is done, so that the other side is skipped. An empty last line ends the entry. */
function goOn(cell: HTMLInputElement, isBack: boolean): boolean {
  const grid = cell.closest(".hw-entry");
  const row = cell.closest("tr");
  if (!grid) return false;
  const { col } = cell.dataset;
  if (!isBack && col === "account" && cell.value === "" && !row?.nextElementSibling) {
    return focusOn(grid.querySelector<HTMLElement>("[data-preview]"));
  }
  if (!isBack && col === "debit" && cell.value.trim() !== "") return focusOn(cellOf(row?.nextElementSibling, "account"));
  const cells = cellsIn(grid);
  return focusOn(cells[cells.indexOf(cell) + (isBack ? -1 : 1)]);
}

const goAlong = (cell: HTMLElement, isUp: boolean): boolean => {
  const row = cell.closest("tr");
  return focusOn(cellOf(isUp ? row?.previousElementSibling : row?.nextElementSibling, cell.dataset["col"]));
};

export const entryKeys =
  ({ onBalance, onPost }: EntryKeys) =>
  (event: KeyboardEvent): void => {
    const cell = event.target as HTMLInputElement;
    const inCell = cell.dataset["col"] !== undefined;
    const isChoice = cell.getAttribute("role") === "combobox";
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onPost();
    else if (event.altKey && (event.code === "Equal" || event.key === "=")) onBalance();
    else if (!inCell || event.altKey || event.nativeEvent.isComposing) return;
    else if (event.key === "Enter") goOn(cell, event.shiftKey);
    else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !isChoice) goAlong(cell, event.key === "ArrowUp");
    else return;
    event.preventDefault();
  };
