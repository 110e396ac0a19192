// Fields whose value is sealed as soon as it is read: the trail, a wish that waits for approval and the database get the sealed text, and
// only code that asks for it sees the value.
import { z } from "zod";
import { Text } from "../operation/field.ts";
import { isSealed, seal, unseal } from "./ring.ts";

export class SealedText {
  private readonly sealed: string;

  private constructor(sealed: string) {
    this.sealed = sealed;
  }

  /** From clear text, or from what was sealed before: a wish that waited comes back as it was kept. */
  static of(text: string): SealedText {
    return new SealedText(isSealed(text) && opens(text) ? text : seal(text));
  }

  open(): string {
    return unseal(this.sealed);
  }

  /** As it is kept. */
  toJSON(): string {
    return this.sealed;
  }

  toString(): string {
    return this.sealed;
  }
}

function opens(text: string): boolean {
  try {
    unseal(text);
    return true;
  } catch {
    return false;
  }
}

// Sealed, a text is longer than it was.
const sealedMost = 400;

/** One line of text that is sealed on its way in. */
export const Sealed = (max: number) =>
  z
    .union([Text(max), z.string().max(sealedMost).refine(isSealed)])
    .meta({ type: "string", "x-kind": "text", anyOf: undefined, minLength: 1, maxLength: max })
    .transform(SealedText.of) as unknown as z.ZodType<SealedText, string>;
