// The seal of a signature: worked out again by whoever has what was signed, by whom, under which name and when.
export interface Signed {
  readonly documentId: string;
  readonly versionId: string;
  readonly hash: string;
  readonly personId: string;
  readonly name: string;
  readonly at: Date;
}

/** The text that is hashed; one line for each part, in this order. */
export const sealText = ({ documentId, versionId, hash, personId, name, at }: Signed): string =>
  ["heartwood signature 1", documentId, versionId, hash, personId, name, at.toISOString()].join("\n");
