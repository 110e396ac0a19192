// Amounts as people type them, with whatever separators they are used to. Pure; the amount stays text.

/** Reads what people type: `1.234,50`, `1,234.50`, `1 234.5`, `1234,5`. */
export function readAmount(said: string): string {
  const bare = said.replace(/[\s'’_]/g, "").replace("−", "-");
  const comma = bare.lastIndexOf(",");
  const point = bare.lastIndexOf(".");
  if (comma >= 0 && point >= 0) {
    const [thousands, decimal] = comma > point ? [".", ","] : [",", "."];
    return bare.replaceAll(thousands, "").replace(decimal, ".");
  }
  if (comma < 0) return bare.split(".").length > 2 ? bare.replaceAll(".", "") : bare;
  // One comma with three digits behind it separates thousands only where that is how the locale writes it.
  const groups = /^-?\d{1,3}(,\d{3})+$/.test(bare) && (1.5).toLocaleString().includes(".");
  return groups ? bare.replaceAll(",", "") : bare.replace(",", ".");
}
