// The query of an address as flat text by name; brackets and bars stay readable.

export function queryText(fields: Iterable<readonly [string, unknown]>): string {
  const query = new URLSearchParams();
  for (const [name, value] of fields) {
    if (value !== undefined && value !== null && value !== "") query.append(name, String(value));
  }
  const words = query.toString().replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%7C", "|").replaceAll("%2C", ",");
  return words ? `?${words}` : "";
}

export const readQuery = (asked: string): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(asked));
