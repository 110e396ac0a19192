// The form on screen: conditions, what is missing, what an address fills in.
import { expect, test } from "vitest";
import { answersFrom, answersToSend, type FormField, missingFields, shownFields } from "./form.rules.ts";

const fields: FormField[] = [
  { name: "place", label: "Where", kind: "place", required: true },
  { name: "danger", label: "Danger", kind: "yesNo" },
  { name: "hazard", label: "What", kind: "text", required: true, showWhen: { field: "danger", is: ["yes"] } },
  { name: "needs", label: "Needs", kind: "choices", options: ["Coffee", "Lunch"] },
  { name: "price", label: "Price", kind: "money" },
];

test("a field stands there when what it waits for was answered", () => {
  expect(shownFields(fields, {}).map(({ name }) => name)).not.toContain("hazard");
  expect(shownFields(fields, { danger: true }).map(({ name }) => name)).toContain("hazard");
});

test("what is needed is missing only while it is shown; what is hidden is not sent", () => {
  expect(missingFields(fields, {})).toEqual(["place"]);
  expect(missingFields(fields, { place: "x", danger: true, hazard: " " })).toEqual(["hazard"]);
  expect(answersToSend(fields, { place: "x", danger: false, hazard: "hole", needs: [] })).toEqual({ place: "x", danger: false });
});

test("an address fills in what the form knows, and nothing else", () => {
  expect(answersFrom(fields, { kind: "broken", place: "p1", danger: "yes", needs: "Lunch|Beer", price: "10.00 EUR", other: "x" })).toEqual({
    place: "p1",
    danger: true,
    needs: ["Lunch"],
    price: { amount: "10.00", currency: "EUR" },
  });
});
