// Identifiers are UUIDv7 (RFC 9562, section 5.7): unique anywhere, and new ones sort after old ones, which keeps indexes warm.

declare const idBrand: unique symbol;
export type Id = string & { readonly [idBrand]: true };

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isId = (text: string): text is Id => pattern.test(text);

let lastMilliseconds = 0;
let counter = 0;

/** A new identifier. Within one process later ones are always greater, even when the clock stands still or jumps back. */
export function newId(now: number = Date.now()): Id {
  if (now > lastMilliseconds) {
    lastMilliseconds = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMilliseconds += 1;
    counter = 0;
  }
  if (taken === random.length) {
    crypto.getRandomValues(random);
    taken = 0;
  }
  taken += 8;
  return format(lastMilliseconds, counter, taken - 8);
}

// Random bytes come by the block: asked for one by one they cost more than all the rest of an identifier.
const random = new Uint8Array(8 * 512);
let taken = random.length;
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function format(milliseconds: number, sequence: number, from: number): Id {
  const time = milliseconds.toString(16).padStart(12, "0");
  const hex = (place: number): string => hexOf[random[from + place]!]!;
  const variant = hexOf[(random[from]! & 0x3f) | 0x80]!;
  const version = `7${sequence.toString(16).padStart(3, "0")}`;
  const tail = hex(2) + hex(3) + hex(4) + hex(5) + hex(6) + hex(7);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}${hex(1)}-${tail}` as Id;
}
