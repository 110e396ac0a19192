// Passwords that are refused because anybody would try them, and such that are not.
import { expect, test } from "vitest";
import { isGuessable } from "./password.rules.ts";

const own = ["Mara Lindqvist", "mara.lindqvist@lindholm-logistik.example"];

test.each([
  "password1234",
  "Passw0rd!2026",
  "P@ssw0rdP@ssw0rd",
  "123456789012",
  "qwertyuiop12",
  "0987654321ZYXW",
  "aaaaaaaaaaaa",
  "Summer2026!!!",
  "welcomewelcome",
  "letmein-please".replace("-please", "123456"),
  "iloveyou1234",
  "Heartwood2026",
  "Lindholm-2026!",
  "logistik123456",
  "MaraLindqvist1",
  "Willkommen2026",
])("%s is guessed", (password) => {
  expect(isGuessable(password, own)).toBe(true);
});

test.each([
  "correct horse battery",
  "another horse battery",
  "tuvalu-kiosk-bridge",
  "x9Kd!mQ2vLp0",
  "Ein Turm aus Butter",
  "ὀδύσσεια ἔπος μέγα",
])("%s is not", (password) => {
  expect(isGuessable(password, own)).toBe(false);
});

test("the words of a company count for its people only", () => {
  expect(isGuessable("Lindholm-2026!")).toBe(false);
});
