// What every answer carries so that a browser trusts nothing but us, and how often one may ask.
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import helmet from "helmet";
import { HttpProblem } from "./problem.ts";

/** Requests a minute. */
export interface Rates {
  /** By user. */
  readonly signedIn: number;
  /** By address, for whoever is not signed in. */
  readonly signedOut: number;
  /** By address, for attempts to sign in. */
  readonly signIn: number;
}

export const usualRates: Rates = { signedIn: 6000, signedOut: 600, signIn: 100 };

export async function mountSecurity(app: FastifyInstance, address: string, rates: Rates): Promise<void> {
  const headers = safeHeaders(address.startsWith("https:"));
  app.addHook("onRequest", async (_request, reply) => void reply.headers(headers));
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: keyOf,
    max: (request) => mostFor(request, rates),
    allowList: (request) => !isCounted(request),
    errorResponseBuilder: (_request, { ttl }) =>
      new HttpProblem(429, "tooManyRequests", `Too many requests. Wait ${Math.max(1, Math.ceil(ttl / 1000))} seconds, then go on.`),
  });
}

/** Helmet's headers, worked out once: they are the same on every answer. */
export function safeHeaders(isSecure: boolean): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const answer = { setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value), removeHeader: () => undefined };
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // Mantine writes its theme into a style element and sizes into style attributes; scripts stay strict.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isSecure && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
    // Files that a user uploads are read by our own pages only.
    crossOriginResourcePolicy: { policy: "same-origin" },
  });
  set({} as never, answer as never, () => undefined);
  return headers;
}

const isSignIn = (request: FastifyRequest): boolean => /^\/api\/auth\/(?!get-session)/.test(request.url);

const isCounted = (request: FastifyRequest): boolean => /^\/(api|mcp|openapi|docs)/.test(request.url);

function keyOf(request: FastifyRequest): string {
  if (isSignIn(request)) return `sign-in ${request.ip}`;
  return request.identity ? `user ${request.identity.userId}` : `address ${request.ip}`;
}

function mostFor(request: FastifyRequest, rates: Rates): number {
  if (isSignIn(request)) return rates.signIn;
  return request.identity ? rates.signedIn : rates.signedOut;
}
