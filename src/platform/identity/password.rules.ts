// Passwords that anybody would try first (ASVS 6.1.2, 6.2.4, 6.2.11): made of nothing but the words that lists of broken passwords begin
// with, of the account's and the company's own names, of rows of the keyboard, of digits and signs.

// Words that stand in passwords everywhere, in English and German; a fact of every published list.
const common = (
  "password passwort passw0rd kennwort qwerty qwertz letmein welcome willkommen admin administrator login master dragon monkey football " +
  "fussball baseball basketball iloveyou princess prinzessin sunshine shadow superman batman trustno michael jordan hunter killer soccer " +
  "hockey charlie jennifer thomas daniel andreas summer winter spring autumn sommer herbst fruehling office secret geheim hallo hello " +
  "test testing guest user root default changeme change company firma schatz schatzi computer internet google samsung pokemon starwars " +
  "freedom whatever " +
  "cheese pepper ginger flower lovely family money access january february march april june july august september october " +
  "november december januar februar maerz mai juni juli oktober dezember monday tuesday wednesday thursday friday saturday sunday montag " +
  "dienstag mittwoch donnerstag freitag samstag sonntag love liebe baby angel engel matrix mustang ferrari porsche mercedes bayern " +
  "berlin hamburg muenchen london manager temporary temp initial start server system network heartwood your mein meine dein"
).split(" ");

// Rows, then columns and corners of the keyboard as fingers walk them, English and German.
const rows = (
  "qwertyuiop qwertzuiop asdfghjkl zxcvbnm yxcvbnm abcdefghijklmnopqrstuvwxyz qazwsxedcrfvtgbyhnujmikolp qaywsxedcrfvtgbzhnujmikolp " +
  "zaqxswcdevfrbgtnhymju qazxswedcvfrtgbnhyujm qweasdzxc qwerasdfzxcv qwertasdfgzxcvb asdqwezxc zxcasdqwe zxcvasdfqwer"
).split(" ");

const signs: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", $: "s", "!": "i" };

/** With fewer letters of its own than these a password is a guess. */
const lettersLeast = 4;
const wordLeast = 4;
const rowLeast = 4;

/** `own` are names and addresses of the account; an address also names the company. */
export function isGuessable(password: string, own: readonly string[] = []): boolean {
  const words = [...common, ...own.flatMap((text) => lower(text).split(/[^\p{L}\p{N}]+/u))].filter((word) => word.length >= wordLeast);
  const longestFirst = [...new Set(words)].toSorted((one, other) => other.length - one.length);
  const plain = lower(password);
  const read = [...plain].map((letter) => signs[letter] ?? letter).join("");
  const letters = plain.replace(/[^\p{L}]/gu, "");
  return [plain, read, letters].some((text) => lettersLeft(text, longestFirst) < lettersLeast);
}

const lower = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Different letters that are left when everything anybody would try is taken out. */
function lettersLeft(text: string, words: readonly string[]): number {
  let left = text;
  for (const word of words) left = left.replaceAll(word, " ");
  for (const row of rows) left = withoutRuns(left, row);
  return new Set(left.replace(/[^\p{L}]/gu, "")).size;
}

/** Without four and more keys that follow each other, forwards or backwards. */
function withoutRuns(text: string, row: string): string {
  let left = text;
  for (const keys of [row, [...row].toReversed().join("")]) {
    for (let length = keys.length; length >= rowLeast; length--) {
      for (let at = 0; at + length <= keys.length; at++) left = left.replaceAll(keys.slice(at, at + length), " ");
    }
  }
  return left;
}
