// Enter takes the choice that stands out in the list of a field, also where the field itself has lost count of it.
import type { KeyboardEvent } from "react";

/**
 * For what stands around a searchable Select: when its list opens it forgets a moment later where it stood, so that Enter after fast
 * typing would do nothing though the first choice is lit.
 */
export function takeShown(event: KeyboardEvent): void {
  if (event.key !== "Enter" || event.defaultPrevented) return;
  const field = event.target as HTMLInputElement;
  const list = document.getElementById(field.getAttribute("aria-controls") ?? "");
  const choice = (more: string) => list?.querySelector<HTMLElement>(`[data-combobox-option]:not([data-combobox-disabled])${more}`);
  // What was typed has its first fit on Enter, also when nothing is lit because the choices came anew; what stands there already stays.
  const isTyped = field.value !== "" && !choice("[data-combobox-active]");
  const lit = choice("[data-combobox-selected]") ?? (isTyped ? choice("") : undefined);
  if (!lit) return;
  event.preventDefault();
  lit.click();
}
