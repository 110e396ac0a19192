// An electronic invoice as EN 16931 means it, whatever syntax it is written in. Each field names its business term (BT) or group (BG).
// Numbers and days stay the text they were written as: a rule about decimals can only be judged on that.

export interface Amount {
  readonly value: string;
  readonly currency?: string;
}

export interface Quantity {
  readonly value: string;
  readonly unit?: string;
}

export interface Identifier {
  readonly value: string;
  readonly scheme?: string;
  readonly version?: string;
}

export interface Period {
  readonly start?: string;
  readonly end?: string;
}

export interface PostalAddress {
  readonly street?: string;
  readonly additional?: string;
  readonly third?: string;
  readonly city?: string;
  readonly postcode?: string;
  readonly subdivision?: string;
  readonly country?: string;
}

export interface Contact {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
}

/** BG-4 seller, BG-7 buyer, BG-10 payee, BG-11 tax representative, BG-13 deliver-to. */
export interface TradeParty {
  /** BT-27, BT-44, BT-59, BT-62, BT-70. */
  readonly name?: string;
  /** BT-28, BT-45. */
  readonly tradingName?: string;
  /** BT-29, BT-46, BT-60, BT-71. */
  readonly identifiers: readonly Identifier[];
  /** BT-30, BT-47, BT-61. */
  readonly legalId?: Identifier;
  /** BT-31, BT-48, BT-63. */
  readonly vatId?: string;
  /** BT-32. */
  readonly taxId?: string;
  /** The scheme that BT-32 was written with. */
  readonly taxScheme?: string;
  /** BT-33. */
  readonly legalForm?: string;
  /** BT-34, BT-49. */
  readonly endpoint?: Identifier;
  readonly address?: PostalAddress;
  readonly contact?: Contact;
}

/** BT-151/152, BT-95/96, BT-102/103, BT-118 to 121. */
export interface TaxCategory {
  readonly code?: string;
  readonly percent?: string;
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly scheme?: string;
}

/** BG-20, BG-21, BG-27, BG-28. */
export interface AllowanceCharge {
  readonly isCharge: boolean;
  readonly amount?: Amount;
  readonly base?: Amount;
  readonly percent?: string;
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly category?: TaxCategory;
}

/** BG-23. */
export interface TaxBreakdown {
  readonly base?: Amount;
  readonly tax?: Amount;
  readonly category?: TaxCategory;
}

/** BT-110 with its breakdown, or BT-111 in the accounting currency. */
export interface TaxTotal {
  readonly amount?: Amount;
  readonly breakdown: readonly TaxBreakdown[];
}

interface PaymentAccount {
  /** BT-84. */
  readonly id?: string;
  readonly name?: string;
  readonly bic?: string;
}

/** BG-16. */
export interface PaymentMeans {
  /** BT-81. */
  readonly code?: string;
  /** BT-82. */
  readonly text?: string;
  /** BT-83. */
  readonly remittance?: string;
  /** BG-17. */
  readonly account?: PaymentAccount;
  /** BG-18: BT-87, BT-88. */
  readonly card?: { readonly number?: string; readonly holder?: string };
  /** BG-19: BT-89, BT-91; BT-90 is told once. */
  readonly mandate?: { readonly id?: string; readonly debited?: string };
}

/** BG-3, BG-24 and the single references. */
export interface DocumentReference {
  readonly id?: Identifier;
  readonly typeCode?: string;
  readonly day?: string;
  readonly description?: string;
  readonly uri?: string;
  readonly attachment?: Attachment;
}

/** BT-125. */
export interface Attachment {
  readonly content: string;
  readonly mimeType?: string;
  readonly fileName?: string;
}

/** BG-29. */
export interface Price {
  /** BT-146. */
  readonly net?: Amount;
  /** BT-147. */
  readonly discount?: Amount;
  /** BT-148. */
  readonly gross?: Amount;
  /** BT-149, BT-150. */
  readonly per?: Quantity;
  /** Whether BT-147 was written as a charge, which a price may not have. */
  readonly isCharged: boolean;
}

/** BG-25. */
export interface InvoiceLine {
  /** Where in the file it begins. */
  readonly line: number;
  /** BT-126. */
  readonly id?: string;
  /** BT-127. */
  readonly note?: string;
  /** BT-128. */
  readonly objects: readonly DocumentReference[];
  /** BT-129, BT-130. */
  readonly quantity?: Quantity;
  /** BT-131. */
  readonly net?: Amount;
  /** BT-132. */
  readonly orderLine?: string;
  /** BT-133. */
  readonly accounting?: string;
  /** BG-26. */
  readonly period?: Period;
  readonly allowances: readonly AllowanceCharge[];
  readonly price?: Price;
  /** BG-30; one by the standard. */
  readonly categories: readonly TaxCategory[];
  readonly item: Item;
}

/** BG-31. */
export interface Item {
  readonly name?: string;
  readonly description?: string;
  readonly sellerId?: string;
  readonly buyerId?: string;
  readonly standardId?: Identifier;
  readonly classifications: readonly Identifier[];
  readonly origin?: string;
  readonly attributes: readonly { readonly name?: string; readonly value?: string }[];
}

/** BG-22. */
export interface Totals {
  /** BT-106. */
  readonly lines?: Amount;
  /** BT-107. */
  readonly allowances?: Amount;
  /** BT-108. */
  readonly charges?: Amount;
  /** BT-109. */
  readonly net?: Amount;
  /** BT-112. */
  readonly gross?: Amount;
  /** BT-113. */
  readonly prepaid?: Amount;
  /** BT-114. */
  readonly rounding?: Amount;
  /** BT-115. */
  readonly due?: Amount;
}

/** BG-13 to BG-15. */
export interface Delivery {
  readonly name?: string;
  readonly location?: Identifier;
  /** BT-72. */
  readonly day?: string;
  readonly address?: PostalAddress;
}

export type Syntax = "ubl" | "cii";

export interface ElectronicInvoice {
  readonly syntax: Syntax;
  /** The root element: UBL has one for credit notes. */
  readonly root: "Invoice" | "CreditNote" | "CrossIndustryInvoice";
  /** BT-1. */
  readonly number?: string;
  /** BT-2. */
  readonly day?: string;
  /** BT-3. */
  readonly typeCode?: string;
  /** BT-5. */
  readonly currency?: string;
  /** BT-6. */
  readonly taxCurrency?: string;
  /** BT-7. */
  readonly taxPointDay?: string;
  /** BT-8. */
  readonly taxPointCode?: string;
  /** BT-9. */
  readonly dueDay?: string;
  /** BT-10. */
  readonly buyerReference?: string;
  /** BT-11. */
  readonly project?: string;
  /** BT-12. */
  readonly contract?: string;
  /** BT-13. */
  readonly order?: string;
  /** BT-14. */
  readonly salesOrder?: string;
  /** BT-15. */
  readonly receivingAdvice?: string;
  /** BT-16. */
  readonly despatchAdvice?: string;
  /** BT-17. */
  readonly tender?: string;
  /** BT-18. */
  readonly object?: Identifier;
  /** BT-19. */
  readonly accounting?: string;
  /** BT-20. */
  readonly terms?: string;
  /** BT-20 with its line ends, which XRechnung asks for; only where the file itself was read. */
  readonly termsWritten?: string;
  /** BG-1: BT-21 and BT-22. */
  readonly notes: readonly { readonly subject?: string; readonly text: string }[];
  /** BT-23. */
  readonly process?: string;
  /** BT-24. */
  readonly specification?: string;
  /** BG-3. */
  readonly preceding: readonly DocumentReference[];
  readonly seller?: TradeParty;
  readonly buyer?: TradeParty;
  readonly payee?: TradeParty;
  readonly taxRepresentative?: TradeParty;
  readonly delivery?: Delivery;
  /** BG-14. */
  readonly period?: Period;
  readonly payments: readonly PaymentMeans[];
  /** BT-90. */
  readonly creditorId?: string;
  readonly allowances: readonly AllowanceCharge[];
  readonly totals: Totals;
  readonly taxTotals: readonly TaxTotal[];
  /** BG-24. */
  readonly supporting: readonly DocumentReference[];
  readonly lines: readonly InvoiceLine[];
}
