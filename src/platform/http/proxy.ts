// Whose word about the caller's address counts: the proxy in front of the house, named by its address. Nobody's, unless it is named.
import { isIP } from "node:net";

const known = new Set(["loopback", "linklocal", "uniquelocal"]);

/**
 * Reads HEARTWOOD_TRUST_PROXY: addresses or networks with commas, such as `10.0.0.7` or `loopback, 192.168.0.0/16`.
 * @throws Error on anything else; to trust everyone's word would give everyone as many tries as they like.
 */
export function trustedProxy(text: string | undefined): string | false {
  const named = (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const wrong = named.find((one) => !known.has(one) && !isNetwork(one));
  if (wrong !== undefined) {
    throw new Error(`HEARTWOOD_TRUST_PROXY names the addresses of your proxies, e.g. 10.0.0.7 or 10.0.0.0/24; "${wrong}" is none.`);
  }
  return named.length > 0 ? named.join(",") : false;
}

function isNetwork(text: string): boolean {
  const [address = "", bits, more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128));
}
