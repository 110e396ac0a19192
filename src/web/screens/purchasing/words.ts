// Every word of the screens of purchasing.
export const words = {
  lines: "Ordered, received, billed",
  line: "Line",
  ordered: "Ordered",
  received: "Received",
  billed: "Billed",
  verdict: "Bills",
  amount: "Amount",
  each: (quantity: string, price: string) => `${quantity} × ${price}`,
  of: (what: string, count: string, ordered: string) => `${what}: ${count} of ${ordered}`,
  empty: "No lines",
  emptySays: "This order has no lines.",
  verdicts: {
    ok: "Agree",
    none: "None yet",
    notOrdered: "Not ordered",
    quantityOver: "More than ordered",
    notReceived: "More than received",
    priceOver: "Above the price",
  } as Readonly<Record<string, string>>,
} as const;
