// The days a line is for, while they are typed: both or none, in their order.
export interface LineSpan {
  readonly serviceFrom?: string | null;
  readonly serviceUntil?: string | null;
}

export const isSpanWrong = ({ serviceFrom, serviceUntil }: LineSpan): boolean =>
  serviceFrom && serviceUntil ? serviceUntil < serviceFrom : Boolean(serviceFrom) !== Boolean(serviceUntil);

/** What is sent of it. */
export const sentSpan = ({ serviceFrom, serviceUntil }: LineSpan): object =>
  serviceFrom && serviceUntil ? { serviceFrom, serviceUntil } : {};
