// How much of the tax that waits for a payment becomes due: its share of what is settled, less what became due before.

export interface DuePart {
  /** Minor units; negative on credit notes. */
  readonly base: bigint;
  readonly tax: bigint;
  /** What the document comes to and what of it is settled by payments and credits, in its own currency. */
  readonly whole: bigint;
  readonly settled: bigint;
  readonly baseBefore: bigint;
  readonly taxBefore: bigint;
}

export const duePart = ({ base, tax, whole, settled, baseBefore, taxBefore }: DuePart): { base: bigint; tax: bigint } => ({
  base: share(base, settled, whole) - baseBefore,
  tax: share(tax, settled, whole) - taxBefore,
});

/** The tax that never falls due when so much of a document was taken off: what the rest leaves of it, so that both are the whole. */
export const droppedTax = (tax: bigint, dropped: bigint, whole: bigint): bigint => tax - share(tax, whole - dropped, whole);

/** Rounded half away from zero; the whole when all is settled. */
function share(amount: bigint, settled: bigint, whole: bigint): bigint {
  if (whole === 0n) return 0n;
  const sign = amount < 0n ? -1n : 1n;
  return sign * ((2n * amount * sign * settled + whole) / (2n * whole));
}
