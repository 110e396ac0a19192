// Secrets that are shown once and kept only as a hash: personal tokens, addresses of feeds. They are long and by chance, so that a plain
// hash is enough: there is nothing to guess.
import { hash, randomBytes } from "node:crypto";

export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What is kept of a secret, and what it is found by. */
export const hashOfSecret = (secret: string): Buffer => hash("sha256", secret, "buffer");
