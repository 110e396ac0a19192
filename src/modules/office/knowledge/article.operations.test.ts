// The knowledge base on a real database: written, published, found while somebody types, thanked for, taken out.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { changeArticle, confirmArticle, createArticle, publishArticle, retireArticle, suggestArticles } from "./article.operations.ts";
import { wordsToFind } from "./article.rules.ts";

let house: TestHouse;
let writer: Actor;
let ann: Actor;
beforeAll(async () => {
  house = await openHouse({ today: "2026-11-02" });
  writer = await house.person("Wanda Writes", "office.writer");
  ann = await house.person("Ann Asks");
});
afterAll(() => house.close());

const found = async (text: string, as: Actor = ann): Promise<string[]> =>
  (await house.run(suggestArticles, { text }, as)).articles.map(({ title }) => title);

test("what is worth looking for: words of three letters and more, each as a beginning, nothing that a query could be made of", () => {
  expect(wordsToFind("Der Drucker druckt nicht!")).toBe("der:* | drucker:* | druckt:* | nicht:*");
  expect(wordsToFind("a & b | !c ':*")).toBeUndefined();
  expect(wordsToFind("été 打印机不工作")).toBe("été:* | 打印机不工作:*");
});

test("an article is found by the beginnings of its words once it is published, the title before the text", async () => {
  const printer = await house.run(createArticle, { title: "Printer does not print", text: "Hold your badge to the reader." }, writer);
  const badge = await house.run(createArticle, { title: "Badge", text: "The printer knows it." }, writer);
  expect(await found("printer")).toEqual([]);
  await house.run(publishArticle, { articleId: printer.id }, writer);
  await house.run(publishArticle, { articleId: badge.id }, writer);
  expect(await found("the prin")).toEqual(["Printer does not print", "Badge"]);
  expect(await found("badg")).toEqual(["Badge", "Printer does not print"]);
  expect(await found("?!")).toEqual([]);
  await expect(house.run(publishArticle, { articleId: badge.id }, writer)).rejects.toMatchObject({ code: "articleState" });
  await expect(house.run(createArticle, { title: "x", text: "x" }, ann)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("a change is a new version, the one before is kept", async () => {
  const { id: articleId } = await house.run(createArticle, { title: "Wifi", text: "Old word" }, writer);
  await house.run(publishArticle, { articleId }, writer);
  expect((await house.run(changeArticle, { articleId, text: "New word" }, writer)).version).toBe(2);
  await expect(house.run(changeArticle, { articleId, text: "New word" }, writer)).rejects.toMatchObject({ code: "nothingChanged" });
  const versions = (await house.call("office.articleVersion.list", { filter: { articleId } }, writer)) as { rows: object[] };
  expect(versions.rows).toMatchObject([
    { version: 2, text: "New word" },
    { version: 1, text: "Old word" },
  ]);
});

test("an article for some is found by none but them", async () => {
  const { id: articleId } = await house.run(
    createArticle,
    { title: "Quartalsabschluss", text: "x", audience: "roles", roles: ["finance.accountant"] },
    writer,
  );
  await house.run(publishArticle, { articleId }, writer);
  const tomas = await house.person("Tomas Counts", "finance.accountant");
  expect(await found("Quartalsabschluss")).toEqual([]);
  expect(await found("Quartalsabschluss", tomas)).toEqual(["Quartalsabschluss"]);
  await expect(house.run(confirmArticle, { articleId }, ann)).rejects.toMatchObject({ code: "notFound" });
  const wish = { title: "x", text: "x", audience: "units" };
  await expect(house.run(createArticle, wish, writer)).rejects.toMatchObject({ code: "audienceMissing" });
});

test("who is helped is counted once a day", async () => {
  const { id: articleId } = await house.run(createArticle, { title: "Parking", text: "Behind the house" }, writer);
  await house.run(publishArticle, { articleId }, writer);
  await house.run(confirmArticle, { articleId, sought: "where to park" }, ann);
  await house.run(confirmArticle, { articleId }, ann);
  expect(await house.call("office.article.get", { id: articleId }, ann)).toMatchObject({ solved: 1 });
  const machine = { ...ann, personId: null };
  await expect(house.run(confirmArticle, { articleId }, machine)).rejects.toMatchObject({ code: "noPerson" });
});

test("what is taken out is found no longer and changed no longer", async () => {
  const { id: articleId } = await house.run(createArticle, { title: "Faxgerät", text: "x" }, writer);
  await expect(house.run(retireArticle, { articleId }, writer)).rejects.toMatchObject({ code: "articleState" });
  await house.run(publishArticle, { articleId }, writer);
  await house.run(retireArticle, { articleId }, writer);
  expect(await found("Faxgerät")).toEqual([]);
  await expect(house.run(changeArticle, { articleId, text: "y" }, writer)).rejects.toMatchObject({ code: "articleState" });
});
