// A page without the app, for whoever comes by a link in a mail and is not signed in.
import type { FastifyReply } from "fastify";

/** A text as it may stand inside HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** `title` is a text, `body` is HTML. Nobody keeps the page, and nobody is told the address it came from. */
export const plainPage = (reply: FastifyReply, status: number, title: string, body: string): FastifyReply =>
  reply
    .code(status)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .type("text/html; charset=utf-8")
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<meta name="robots" content="noindex"><title>${escaped(title)}</title>` +
        `<style>body{font:16px/1.5 system-ui;max-width:34rem;margin:12vh auto;padding:0 1rem;color-scheme:light dark}` +
        `dt{opacity:.75;font-size:.875rem}dd{margin:0 0 .75rem;overflow-wrap:anywhere}label{display:block}` +
        `textarea{font:inherit;width:100%;box-sizing:border-box}button{font:inherit;padding:.5rem 1rem;min-height:44px}</style>` +
        `<main><h1>${escaped(title)}</h1>${body}</main></html>`,
    );
