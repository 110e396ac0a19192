// Which tax holds: a code on a day with its parts, and the rules that put one code in place of another for a party, a country, a day.
import { decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Levy, TaxRounding } from "./levy.rules.ts";

/** Tax on what is sold is `output`, on what is bought `input`. */
export type TaxSide = "output" | "input";

/** A part of a code with the accounts and boxes of the return it goes to. */
export interface TaxPart extends Levy {
  readonly outputAccountId: Id;
  readonly inputAccountId: Id;
  /** Where it waits until the document is paid; null when it is due with the document. */
  readonly pendingAccountId: Id | null;
  /** Of the tax on a purchase. */
  readonly deductiblePercent: string;
  readonly outputBaseBox: string | null;
  readonly outputTaxBox: string | null;
  readonly inputBaseBox: string | null;
  readonly inputTaxBox: string | null;
}

export interface KnownTaxCode extends Omit<TaxPart, "percent" | "perUnit" | "taxCodeId"> {
  readonly id: Id;
  readonly name: string;
  readonly kind: "percent" | "perUnit" | "group";
  /** `perUnit` in the books' currency. */
  readonly rates: readonly { readonly from: Day; readonly until: Day | null; readonly percent: string; readonly perUnit: string | null }[];
  readonly childIds: readonly Id[];
}

export interface KnownTaxRule {
  readonly id: Id;
  readonly name: string;
  readonly position: number;
  readonly side: TaxSide | "both";
  readonly fromCodeId: Id | null;
  readonly toCodeId: Id;
  readonly partyId: Id | null;
  readonly place: "anywhere" | "home" | "otherEu" | "outsideEu";
  readonly countries: readonly string[] | null;
  readonly businessOnly: boolean;
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

export interface TaxParty {
  readonly id: Id;
  readonly country: string | null;
  readonly hasTaxNumber: boolean;
}

/** What the books know of tax. */
export interface TaxGround {
  readonly rounding: TaxRounding;
  /** Of the legal entity, two letters; null when it is not told. */
  readonly home: string | null;
  readonly codes: readonly KnownTaxCode[];
  readonly rules: readonly KnownTaxRule[];
}

/** A code as it holds on a day. */
export interface TaxChoice {
  readonly taxCodeId: Id;
  readonly code: string;
  /** Of all its parts together. */
  readonly percent: string;
  readonly parts: readonly TaxPart[];
}

// Article 52 TEU; Greece is GR in ISO 3166 and EL in tax numbers.
const euCountries = new Set("AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "));

/** The code on the day with its parts; nothing when it or a part of it has no rate on that day. */
export function taxOn(ground: TaxGround, taxCodeId: Id, day: Day): TaxChoice | undefined {
  const chosen = ground.codes.find((one) => one.id === taxCodeId);
  if (!chosen) return undefined;
  const leaves = chosen.kind === "group" ? chosen.childIds.map((id) => ground.codes.find((one) => one.id === id)) : [chosen];
  const parts = leaves.map((leaf) => leaf && partOn(leaf, day));
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return undefined;
  const percent = parts.reduce((sum, part) => sum.plus(decimal(part.percent)), decimal("0"));
  return { taxCodeId: chosen.id, code: chosen.code, percent: percent.toString(), parts };
}

function partOn({ id, name: _name, kind: _kind, rates, childIds: _childIds, ...part }: KnownTaxCode, day: Day): TaxPart | undefined {
  const rate = rates.find((one) => one.from <= day && (one.until === null || day < one.until));
  if (!rate) return undefined;
  return { ...part, taxCodeId: id, percent: rate.percent, ...(rate.perUnit !== null && { perUnit: rate.perUnit }) };
}

/** The parts as a document in another currency has them: an amount for each unit is what the books' comes to at its rate. */
export function partsIn(parts: readonly TaxPart[], exchange: { readonly rate: string } | undefined): readonly TaxPart[] {
  if (!exchange) return parts;
  return parts.map((part) => (part.perUnit === undefined ? part : { ...part, perUnit: unitsOf(part.perUnit, exchange.rate) }));
}

const unitsOf = (perUnit: string, rate: string): string => decimal(perUnit).dividedBy(decimal(rate)).toDecimalPlaces(18).toFixed();

export interface TaxQuestion {
  readonly side: TaxSide;
  readonly day: Day;
  readonly party?: TaxParty;
}

/** The first rule that fits; a rule for a party comes before one for a place, then the smaller position. */
export function ruleFor(ground: TaxGround, taxCodeId: Id, asked: TaxQuestion): KnownTaxRule | undefined {
  const { party } = asked;
  if (!party) return undefined;
  return ground.rules
    .filter((rule) => ruleFits(rule, taxCodeId, asked, party, ground.home))
    .toSorted((a, b) => Number(b.partyId !== null) - Number(a.partyId !== null) || a.position - b.position)[0];
}

function ruleFits(rule: KnownTaxRule, taxCodeId: Id, { side, day }: TaxQuestion, party: TaxParty, home: string | null): boolean {
  return (
    (rule.side === "both" || rule.side === side) &&
    (rule.fromCodeId === null || rule.fromCodeId === taxCodeId) &&
    rule.toCodeId !== taxCodeId &&
    (rule.partyId === null || rule.partyId === party.id) &&
    (!rule.businessOnly || party.hasTaxNumber) &&
    rule.fromDay <= day &&
    (rule.untilDay === null || day <= rule.untilDay) &&
    (rule.countries === null || (party.country !== null && rule.countries.includes(party.country))) &&
    placeFits(rule.place, party.country, home)
  );
}

/** A party whose country is not told is taken to be at home. */
function placeFits(place: KnownTaxRule["place"], country: string | null, home: string | null): boolean {
  if (place === "anywhere") return true;
  const isHome = country === null || country === home;
  if (place === "home") return isHome;
  return !isHome && euCountries.has(country) === (place === "otherEu");
}

/** What holds for a code that is asked for, after the rules; nothing when there is no such code or it has no rate on the day. */
export function taxTaken(ground: TaxGround, code: string, asked: TaxQuestion): TaxChoice | undefined {
  const known = ground.codes.find((one) => one.code === code);
  return known && taxOn(ground, ruleFor(ground, known.id, asked)?.toCodeId ?? known.id, asked.day);
}
