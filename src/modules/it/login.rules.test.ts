// Names on systems, as a table.
import { expect, test } from "vitest";
import { loginFor } from "./login.rules.ts";

test.each([
  ["Mara Lindqvist", "Mara@Example.com", "mara@example.com"],
  ["Žofia Müller-Ott", null, "zofia.muller.ott"],
  ["  !  ", null, "user"],
  ["李 明", null, "李.明"],
])("%s with %s is %s", (name, email, login) => {
  expect(loginFor({ name, email })).toBe(login);
});
