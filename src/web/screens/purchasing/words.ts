// Every word of the screens of purchasing.
export const words = {
  lines: "Ordered, received, billed",
  received: "Received",
  billed: "Billed",
  each: (quantity: string, price: string) => `${quantity} × ${price}`,
  of: (what: string, count: string, ordered: string) => `${what}: ${count} of ${ordered}`,
  empty: "No lines",
  emptySays: "This order has no lines.",
  noBill: "no bill yet",
} as const;
