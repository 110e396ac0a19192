// The tax of what is taken back of a document: in all as much of its tax as of its base, so that with the last of the base goes the last
// cent of the tax (Art. 90 of the VAT Directive, § 17 UStG), in however many parts it comes back.
import type { Id } from "../../../kernel/id.ts";

/** What a document was taxed with at a code, and what of that was taken back before, in minor units of its currency. */
export interface TaxedBefore {
  readonly base: bigint;
  readonly tax: bigint;
  readonly backBase: bigint;
  readonly backTax: bigint;
}

export type TaxedAtCodes = ReadonlyMap<Id, TaxedBefore>;

/** Of the tax what goes with this much of the base; nothing where no part of a base can be told, as all of it was paid by a deposit. */
export function taxBack({ base, tax, backBase, backTax }: TaxedBefore, now: bigint): bigint | undefined {
  const upTo = backBase + now;
  if (base > 0n ? upTo >= base : upTo === base) return tax - backTax;
  return base > 0n ? share(tax, upTo, base) - backTax : undefined;
}

/** Of prices with the tax in them: what of this much is base. */
export function baseBack({ base, tax, backBase, backTax }: TaxedBefore, now: bigint): bigint | undefined {
  const [gross, upTo] = [base + tax, backBase + backTax + now];
  if (base <= 0n || gross <= 0n) return undefined;
  return (upTo >= gross ? base : share(base, upTo, gross)) - backBase;
}

/** Rounded half away from zero. */
const share = (whole: bigint, part: bigint, of: bigint): bigint => {
  const exact = 2n * whole * part;
  return (exact + (exact < 0n ? -of : of)) / (2n * of);
};
