// What second factors are encrypted with: the house's secret, under a number that is read off it, so that a changed secret is told apart.
import { type HouseSecret, secretIdOf } from "./data-key.ts";

export const versionOf = (secret: string): number => Number.parseInt(secretIdOf(secret).slice(0, 7), 16);

interface Secrets {
  readonly keys: Map<number, string>;
  readonly currentVersion: number;
}

export const secretsOf = ({ current, previous }: HouseSecret): Secrets => ({
  keys: new Map([current, ...(previous === undefined ? [] : [previous])].map((secret) => [versionOf(secret), secret])),
  currentVersion: versionOf(current),
});
