// Where a request comes from. A browser sends our cookies along with requests that other sites cause; such requests must change nothing.
import type { IncomingHttpHeaders } from "node:http";

/** The addresses a browser may know this house by: the configured one, and on one's own machine both names of it. */
export function originsOf(address: string): string[] {
  const { origin, hostname } = new URL(address);
  const twin = hostname === "127.0.0.1" ? "localhost" : hostname === "localhost" ? "127.0.0.1" : undefined;
  return twin ? [origin, origin.replace(hostname, twin)] : [origin];
}

/** What the check looks at; a Fastify request has this shape. */
export interface OriginRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * True when a request that carries our cookies may change something: a browser says it comes from our own pages.
 * A caller that sends neither Origin nor Sec-Fetch-Site is no browser of today and has to use a personal token instead.
 */
export function sameOriginCheck(address: string): (request: OriginRequest) => boolean {
  const ours = new Set(originsOf(address));
  return ({ method, headers }) => {
    if (harmless.has(method)) return true;
    const { origin } = headers;
    const site = headers["sec-fetch-site"];
    if (origin === undefined && site === undefined) return false;
    if (site !== undefined && site !== "same-origin") return false;
    return origin === undefined || ours.has(origin);
  };
}
