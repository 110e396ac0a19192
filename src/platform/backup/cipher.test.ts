// Encrypted files: what was changed, cut off, put in another order or made with another key is never taken for what it was.
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { type BackupKey, backupKeyFrom, decrypting, encrypting } from "./cipher.ts";

const key = backupKeyFrom("0f".repeat(32))!;
const other = backupKeyFrom("1f".repeat(32))!;
const mebibyte = 2 ** 20;
const headBytes = 10 + 32;
const chunk = mebibyte + 16;

const sealed = (bytes: Buffer, by: BackupKey = key) => buffer(Readable.from([bytes]).pipe(encrypting(by)));
const opened = (bytes: Buffer, by: BackupKey = key): Promise<Buffer> =>
  new Promise((settle, fail) => {
    const stream = decrypting(by, "a file");
    stream.on("error", fail);
    buffer(stream).then(settle, fail);
    // In small pieces, as a disk gives them.
    const pieces: Buffer[] = [];
    for (let from = 0; from < bytes.length; from += 60_000) pieces.push(bytes.subarray(from, from + 60_000));
    Readable.from(pieces).pipe(stream);
  });

test.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte])("%i bytes come back as they were", async (size) => {
  const bytes = randomBytes(size);
  const text = await sealed(bytes);
  expect(text.length).toBe(headBytes + size + 16 * Math.max(1, Math.ceil(size / mebibyte)));
  expect((await opened(text)).equals(bytes)).toBe(true);
});

describe("is refused", async () => {
  const bytes = randomBytes(2 * mebibyte + 5);
  const whole = await sealed(bytes);
  const changed = Buffer.from(whole);
  changed[headBytes + 12] = changed[headBytes + 12]! ^ 1;
  const swapped = Buffer.concat([
    whole.subarray(0, headBytes),
    whole.subarray(headBytes + chunk, headBytes + 2 * chunk),
    whole.subarray(headBytes, headBytes + chunk),
    whole.subarray(headBytes + 2 * chunk),
  ]);
  test.each([
    ["a changed byte", changed, key],
    ["two chunks in another order", swapped, key],
    ["the last chunk cut off", whole.subarray(0, headBytes + 2 * chunk), key],
    ["a chunk cut in two", whole.subarray(0, whole.length - 3), key],
    ["an empty file", Buffer.alloc(0), key],
    ["only a head", whole.subarray(0, headBytes), key],
    ["another kind of file", randomBytes(200), key],
    ["another key", whole, other],
  ])("%s", async (_what, text, by) => {
    await expect(opened(text, by)).rejects.toMatchObject({ code: "backupNotReadable" });
  });
});

test("the same file is never encrypted to the same bytes", async () => {
  const [one, two] = [await sealed(Buffer.from("x")), await sealed(Buffer.from("x"))];
  expect(one.equals(two)).toBe(false);
});

test("a key is 32 bytes in hexadecimal, and a pass phrase is none", () => {
  expect(() => backupKeyFrom("correct horse battery staple")).toThrow("openssl rand -hex 32");
  expect(backupKeyFrom("")).toBeUndefined();
  expect(key.id).not.toBe(other.id);
});
