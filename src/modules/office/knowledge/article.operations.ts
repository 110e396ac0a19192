// What is known already: articles that answer before anybody has to be asked. They are found by their words, in any language.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { AudienceKind, audienceFields, audienceOf, audienceWords, isMeantFor } from "../request/audience.ts";
import { wordsToFind } from "./article.rules.ts";

const states = ["draft", "published", "retired"] as const;
const keepers = ["office.manager", "office.writer"];

export const articleRegister = register({
  name: "office.article",
  title: "Knowledge",
  does: "Articles that answer what people ask again and again. Everyone reads what is published and meant for them.",
  may: [...keepers, anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(states),
    department: z.string().nullable(),
    text: z.string(),
    audience: AudienceKind,
    version: z.number().int(),
    /** How often it spared somebody a request. */
    solved: z.number().int(),
    changedAt: Instant,
  }),
  label: "title",
  search: ["title", "text"],
  sort: "title",
  sees: () => sql`(r.is_meant and r.state = 'published')`,
  from: (context) => sql`
    select a.id, a.title, a.state, a.department, a.text, a.audience, a.version, a.changed_at, ${isMeantFor(context, sql`a`)} as is_meant,
      (select count(*)::int from office.article_solved s where s.tenant_id = a.tenant_id and s.article_id = a.id) as solved
    from office.article a where a.tenant_id = ${context.tenantId}`,
});

export const articleVersionRegister = register({
  name: "office.articleVersion",
  title: "Versions of articles",
  does: "What an article said before, and who wrote it.",
  may: keepers,
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    articleId: ref("office.article"),
    article: z.string(),
    version: z.number().int(),
    text: z.string(),
    authorId: ref("directory.person").nullable(),
    author: z.string(),
    at: Instant,
  }),
  label: "title",
  sort: "-version",
  from: (context) => sql`
    select v.id, v.title, v.article_id, a.title as article, v.version, v.text, v.author_id, v.author, v.at
    from office.article_version v join office.article a on a.tenant_id = v.tenant_id and a.id = v.article_id
    where v.tenant_id = ${context.tenantId}`,
});

interface ArticleRow {
  readonly id: KernelId;
  readonly state: (typeof states)[number];
  readonly version: number;
  readonly title: string;
  readonly text: string;
}

async function lockArticle(context: WriteContext, articleId: KernelId): Promise<ArticleRow> {
  const found = await context.db.maybe<ArticleRow>(sql`
    select id, state, version, title, text from office.article
    where tenant_id = ${context.tenantId} and id = ${articleId} for update`);
  return found ?? refuse("notFound");
}

async function keepVersion(context: WriteContext, article: Omit<ArticleRow, "state">): Promise<void> {
  await context.db.run(sql`
    insert into office.article_version (tenant_id, id, article_id, version, title, text, author_id, author, at)
    values (${context.tenantId}, ${context.newId()}, ${article.id}, ${article.version}, ${article.title}, ${article.text},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
}

const written = LongText(50_000).refine((text) => text.trim() !== "", "must not be empty");
const department = Text(40).regex(/^[a-z][a-zA-Z]*$/, "must be one word");

export const createArticle = operation({
  name: "office.article.create",
  title: "Write an article",
  does: "Writes down what is known, as a draft that nobody else is shown until it is published.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ title: Text(200), text: written, department: department.optional(), ...audienceFields }),
  output: z.object({ id: Id }),
  refuses: audienceWords,
  emits: ["office.article.written"],
  example: { title: "Connect to the printer", text: "Hold your badge to the reader and choose your job." },
  async run(input, context) {
    const { audience, audienceRoles, audienceIds } = await audienceOf(context, input);
    const article = { id: context.newId(), version: 1, title: input.title, text: input.text };
    await context.db.run(sql`
      insert into office.article (tenant_id, id, state, audience, audience_roles, audience_ids, version, title, text, department,
        changed_at)
      values (${context.tenantId}, ${article.id}, 'draft', ${audience}, ${audienceRoles}, ${audienceIds}::uuid[], 1, ${article.title},
        ${article.text}, ${input.department ?? null}, ${context.now})`);
    await keepVersion(context, article);
    context.emit("office.article.written", { articleId: article.id });
    return { id: article.id };
  },
});

const stateWords = { articleState: "This article is {state}, so that cannot be done with it." };

export const changeArticle = operation({
  name: "office.article.change",
  title: "Change the article",
  does: "Writes a new version of an article; what it said before is kept.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ articleId: ref("office.article"), title: Text(200).optional(), text: written.optional() }),
  output: z.object({ id: Id, version: z.number().int() }),
  refuses: { ...stateWords, nothingChanged: "It says so already. Nothing was changed." },
  when: (record) => record["state"] !== "retired",
  emits: ["office.article.written"],
  async run({ articleId, title, text }, context) {
    const before = await lockArticle(context, articleId);
    if (before.state === "retired") refuse("articleState", { state: before.state });
    const article = { ...before, version: before.version + 1, title: title ?? before.title, text: text ?? before.text };
    if (article.title === before.title && article.text === before.text) refuse("nothingChanged");
    await context.db.run(sql`
      update office.article set version = ${article.version}, title = ${article.title}, text = ${article.text}, changed_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${articleId}`);
    await keepVersion(context, article);
    context.emit("office.article.written", { articleId });
    return { id: articleId, version: article.version };
  },
});

export const publishArticle = operation({
  name: "office.article.publish",
  title: "Publish",
  does: "Shows an article to those it is meant for, and offers it to whoever is about to ask.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ articleId: ref("office.article") }),
  output: z.object({ id: Id }),
  refuses: stateWords,
  when: (record) => record["state"] === "draft",
  emits: ["office.article.published"],
  async run({ articleId }, context) {
    const { state } = await lockArticle(context, articleId);
    if (state !== "draft") refuse("articleState", { state });
    await setState(context, articleId, "published");
    context.emit("office.article.published", { articleId });
    return { id: articleId };
  },
});

export const retireArticle = operation({
  name: "office.article.retire",
  title: "Take it out",
  does: "Takes an article out of sight, because it is no longer true.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ articleId: ref("office.article") }),
  output: z.object({ id: Id }),
  refuses: stateWords,
  when: (record) => record["state"] === "published",
  emits: ["office.article.retired"],
  async run({ articleId }, context) {
    const { state } = await lockArticle(context, articleId);
    if (state !== "published") refuse("articleState", { state });
    await setState(context, articleId, "retired");
    context.emit("office.article.retired", { articleId });
    return { id: articleId };
  },
});

const setState = (context: WriteContext, articleId: KernelId, state: (typeof states)[number]): Promise<number> =>
  context.db.run(sql`
    update office.article set state = ${state}, changed_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${articleId}`);

export const suggestArticles = operation({
  name: "office.article.suggest",
  title: "What is known about this",
  does: "Finds articles by the words of what somebody is about to ask, the best first.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ text: Text(300) }),
  output: z.object({ articles: z.array(z.object({ id: Id, title: z.string(), text: z.string(), solved: z.number().int() })) }),
  example: { text: "printer does not print" },
  async run({ text }, context) {
    const wanted = wordsToFind(text);
    if (wanted === undefined) return { articles: [] };
    const articles = await context.db.rows<{ id: never; title: string; text: string; solved: number }>(sql`
      select a.id, a.title, a.text,
        (select count(*)::int from office.article_solved s where s.tenant_id = a.tenant_id and s.article_id = a.id) as solved
      from office.article a, to_tsquery('simple', ${wanted}) q
      where a.tenant_id = ${context.tenantId} and a.state = 'published' and ${isMeantFor(context, sql`a`)} and a.words @@ q
      order by ts_rank(a.words, q) desc, a.id limit 3`);
    return { articles };
  },
});

export const confirmArticle = operation({
  name: "office.article.confirm",
  title: "This solved it",
  does: "Says that an article answered you, so that you need not ask anybody; counted once a day for each person.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ articleId: ref("office.article"), sought: Text(300).optional().describe("What you were about to ask.") }),
  output: z.object({ id: Id }),
  refuses: { noPerson: "Only a person of the directory is counted." },
  when: (record) => record["state"] === "published",
  emits: ["office.article.helped"],
  async run({ articleId, sought }, context) {
    const personId = context.actor.personId ?? refuse("noPerson");
    if (!(await context.mayRead("office.article", articleId))) refuse("notFound");
    await context.db.run(sql`
      insert into office.article_solved (tenant_id, article_id, person_id, on_day, sought)
      values (${context.tenantId}, ${articleId}, ${personId}, ${context.today}, ${sought ?? null})
      on conflict (tenant_id, article_id, person_id, on_day) do nothing`);
    context.emit("office.article.helped", { articleId });
    return { id: articleId };
  },
});
