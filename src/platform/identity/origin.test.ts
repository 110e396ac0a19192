// Which requests may change something on the strength of a cookie.
import { expect, test } from "vitest";
import { sameOriginCheck } from "./origin.ts";

const isSameOrigin = sameOriginCheck("http://127.0.0.1:4400");

test.each([
  ["reading is always allowed", "GET", { "sec-fetch-site": "cross-site" }, true],
  ["our own page", "POST", { origin: "http://127.0.0.1:4400", "sec-fetch-site": "same-origin" }, true],
  ["our own page by its other name", "POST", { origin: "http://localhost:4400" }, true],
  ["a browser that sends no Origin", "POST", { "sec-fetch-site": "same-origin" }, true],
  ["another site", "POST", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
  ["another port", "POST", { origin: "http://127.0.0.1:4401" }, false],
  ["a subdomain neighbour", "DELETE", { origin: "http://127.0.0.1:4400", "sec-fetch-site": "same-site" }, false],
  ["a sandboxed frame", "POST", { origin: "null", "sec-fetch-site": "same-origin" }, false],
  ["a typed address", "POST", { "sec-fetch-site": "none" }, false],
  ["no browser at all", "PATCH", {}, false],
] as const)("%s", (_, method, headers, allowed) => {
  expect(isSameOrigin({ method, headers })).toBe(allowed);
});
