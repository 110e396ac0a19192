// ISO 4217 currencies: how many decimals each is counted in. Source: ISO 4217 table A.1 (SIX, 2026), minor unit column.

declare const currencyBrand: unique symbol;
export type Currency = string & { readonly [currencyBrand]: true };

const byDecimals: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  2:
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP " +
    "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS " +
    "KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD " +
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP " +
    "TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

// Replaced by the euro (ISO 4217 table A.3): read in old documents and statements, but no longer offered.
const withdrawnByDecimals: Readonly<Record<number, string>> = {
  0: "BEF ESP GRD ITL LUF PTE",
  2: "ATS CYP DEM EEK FIM FRF HRK IEP LTL LVL MTL NLG SIT SKK",
};

const decimalsIn = (table: Readonly<Record<number, string>>) =>
  Object.entries(table).flatMap(([decimals, codes]) => codes.split(" ").map((code): [string, number] => [code, Number(decimals)]));

const offered = new Map<string, number>(decimalsIn(byDecimals));
const decimalsOf = new Map<string, number>([...offered, ...decimalsIn(withdrawnByDecimals)]);

export const isCurrency = (text: string): text is Currency => decimalsOf.has(text);

/** @throws RangeError for a code that ISO 4217 does not list. */
export function currency(text: string): Currency {
  if (!isCurrency(text)) throw new RangeError(`"${text}" is not an ISO 4217 currency`);
  return text;
}

/** Decimals of a currency: 0 for JPY, 2 for EUR, 3 for KWD. */
export const currencyDecimals = (code: Currency): number => decimalsOf.get(code)!;
export const currencies = (): readonly Currency[] => [...offered.keys()].toSorted() as Currency[];
