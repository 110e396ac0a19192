// The virus scanner: its published words are understood, silence of every kind lets nothing in, and a real clamd agrees where one is.
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { eicar, openScanner } from "../testing/clamd.ts";
import { foundIn, scanBy, scannerSeen } from "./scanner.ts";

afterEach(() => scanBy(undefined));

const silent = { name: "Refusal", code: "scannerSilent" };

test("what is given is streamed whole, and the verdict is understood", async () => {
  const scanner = await openScanner();
  scanBy(scanner.place);
  const large = Buffer.alloc(3_000_000, "bytes of a picture ");
  expect(await foundIn(large)).toBeUndefined();
  expect(await foundIn(new Uint8Array())).toBeUndefined();
  expect(await foundIn(Buffer.from(eicar))).toBe("Eicar-Test-Signature");
  expect(scanner.given.map((bytes) => bytes.length)).toEqual([3_000_000, 0, 68]);
  expect(scanner.given[0]!.equals(large)).toBe(true);
  await scanner.close();
});

test.each(["INSTREAM size limit exceeded. ERROR", "UNKNOWN COMMAND", "", "stream: Can't allocate memory ERROR"])(
  "«%s» is no verdict",
  async (said) => {
    const scanner = await openScanner({ answer: () => said });
    scanBy(scanner.place);
    await expect(foundIn(Buffer.from("a"))).rejects.toMatchObject(silent);
    await scanner.close();
  },
);

test("nobody there, and one who hangs up, let nothing in; the words name no address", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  scanBy(`127.0.0.1:${port}`);
  await expect(foundIn(Buffer.from("a"))).rejects.toMatchObject(silent);
  await new Promise((done) => server.close(done));
  const refusal = await foundIn(Buffer.from("a")).catch((error: Error) => error);
  expect(refusal).toMatchObject(silent);
  expect((refusal as Error).message).not.toContain("127.0.0.1");
  // The log says why.
  expect((refusal as Error).cause).toContain("ECONNREFUSED");
  expect(await scannerSeen()).toEqual({ version: undefined, knownAt: undefined });
});

test("it says who it is and how old what it knows is; without one nothing is asked", async () => {
  const scanner = await openScanner();
  scanBy(scanner.place);
  expect(await scannerSeen()).toEqual({ version: "ClamAV 1.4.3", knownAt: new Date("2026-11-20T08:30:00Z") });
  scanBy(undefined);
  expect(await scannerSeen()).toBeUndefined();
  expect(await foundIn(Buffer.from(eicar))).toBeUndefined();
  expect(scanner.given).toEqual([]);
  await scanner.close();
});

test.each(["clamd", "host:", ":3310", "host:99999", "http://host:3310"])("«%s» is no place and stops the start", (place) => {
  expect(() => scanBy(place)).toThrow("HEARTWOOD_CLAMD");
});

const usual = ["/var/run/clamav/clamd.ctl", "/run/clamd.scan/clamd.sock"];
const real = process.env["CLAMD"] ?? usual.find((place) => existsSync(place));
describe.skipIf(!real)(`a real clamd${real ? "" : " (none here: install it, or name one as CLAMD=host:port)"}`, () => {
  test("finds the test file, and nothing in a plain one", async () => {
    scanBy(real);
    expect(await foundIn(Buffer.from(eicar))).toMatch(/eicar/i);
    expect(await foundIn(Buffer.from("a plain text"))).toBeUndefined();
    expect((await scannerSeen())?.version).toMatch(/^ClamAV/);
  });
});
