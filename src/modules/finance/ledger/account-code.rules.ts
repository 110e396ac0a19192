// Which code a new account gets beside another one, when nobody chooses it.

const step = 10;

/**
 * The next free code after an account within its group: by tens as charts are written, then any, then below the account itself.
 * @param taken every code of the books.
 * @param foreign codes of the books outside the group; the group ends before the next of them.
 */
export function nextFreeCode(beside: string, taken: ReadonlySet<string>, foreign: readonly string[]): string {
  return numberAfter(beside, taken, foreign) ?? firstBelow(beside, taken);
}

function numberAfter(beside: string, taken: ReadonlySet<string>, foreign: readonly string[]): string | undefined {
  if (!/^[1-9]\d{2,14}$/.test(beside)) return undefined;
  const start = Number(beside);
  const next = foreign.filter((code) => /^\d+$/.test(code) && code.length === beside.length && Number(code) > start);
  const hundred = (Math.floor(start / 100) + 1) * 100;
  const end = Math.min(hundred, ...next.map(Number));
  for (const by of [step, 1]) {
    for (let code = start + by; code < end; code += by) if (!taken.has(String(code))) return String(code);
  }
  return undefined;
}

function firstBelow(beside: string, taken: ReadonlySet<string>): string {
  const stem = beside.slice(0, 14);
  let place = 1;
  while (taken.has(`${stem}.${place}`)) place += 1;
  return `${stem}.${place}`;
}
