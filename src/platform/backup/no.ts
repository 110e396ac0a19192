// How backup and restore say no: in a sentence that says what to do, and never half-way.
import { Refusal } from "../../kernel/refusal.ts";

export const no = (code: string, sentence: string, facts: Readonly<Record<string, unknown>> = {}): Refusal =>
  new Refusal(code, sentence, facts);
