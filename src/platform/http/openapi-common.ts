// The parts of the reference that every operation shares, and the addresses of the door itself.
const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const refused = (description: string) => ({ description, content: problem });
const json = (schema: unknown) => ({ "application/json": { schema } });
const text = { type: "string" };
const id = { type: "string", format: "uuid" };
const signedOut = { $ref: "#/components/responses/SignedOut" };

export const commonParts = {
  securitySchemes: {
    session: {
      type: "apiKey",
      in: "cookie",
      name: "heartwood.session_token",
      description: "The cookie of a signed-in browser; over HTTPS its name begins with `__Host-`. Writes must come from our own pages.",
    },
    token: { type: "http", scheme: "bearer", bearerFormat: "hw_…", description: "A personal token, made with identity.token.create." },
  },
  headers: { DryRun: { description: "`true` when nothing was kept.", schema: { type: "string", enum: ["true"] } } },
  parameters: {
    Tenant: {
      name: "Heartwood-Tenant",
      in: "header",
      description: "The company, when you belong to several; by default the first. A link may say it as a query parameter.",
      schema: id,
    },
    IdempotencyKey: {
      name: "Idempotency-Key",
      in: "header",
      description: "Your key for this wish. Sent again with the same key and input, it is done once and answered the same.",
      schema: { type: "string", maxLength: 200 },
    },
    DryRun: {
      name: "Heartwood-Dry-Run",
      in: "header",
      description: "`true`: check everything and answer what would happen, but keep nothing.",
      schema: { type: "string", enum: ["true", "false"] },
    },
    Reason: {
      name: "Heartwood-Reason",
      in: "header",
      description: "Why, kept in the audit trail. May be percent-encoded UTF-8.",
      schema: { type: "string", maxLength: 1000 },
    },
    Format: { name: "format", in: "query", description: "All rows as a file.", schema: { type: "string", enum: ["json", "csv", "xlsx"] } },
  },
  responses: {
    Waits: {
      description: "Kept, but not done: a policy of the company asks others first. It is done once they have agreed.",
      headers: { Location: { description: "Where it waits.", schema: text } },
      content: {
        "application/json": {
          schema: {
            type: "object",
            properties: {
              waitsForApproval: {
                type: "object",
                properties: {
                  record: { type: ["object", "null"], properties: { subject: text, id } },
                  title: text,
                  says: text,
                  waitsFor: { type: "array", items: text },
                },
              },
            },
          },
        },
      },
    },
    SignedOut: refused("Nobody is signed in."),
    NotPermitted: refused("Signed in, but not permitted."),
    NotFound: refused("There is no such record, or it is not yours to see."),
    InvalidInput: refused("The input does not fit; `mistakes` says where."),
    Problem: refused("Too large (413), too many requests (429), a fault of ours (500, with `requestId`), or out of order for now (503)."),
  },
  schemas: {
    Problem: {
      type: "object",
      description: "RFC 9457. `code` names the refusal, `detail` says in a sentence what is wrong and what to do next.",
      properties: {
        type: { type: "string", format: "uri" },
        title: text,
        status: { type: "integer" },
        detail: text,
        code: text,
        requestId: text,
        facts: { type: "object" },
        path: { type: "array", items: { type: ["string", "integer"] } },
        mistakes: {
          type: "array",
          items: { type: "object", properties: { path: { type: "array", items: { type: ["string", "integer"] } }, message: text } },
        },
      },
      required: ["type", "title", "status", "detail", "code", "requestId"],
    },
  },
} as const;

const tenant = { type: "object", properties: { id, name: text } };

export const commonPaths = {
  "/health": {
    get: {
      operationId: "health",
      tags: ["house"],
      summary: "Is the house in order?",
      security: [],
      responses: {
        200: { description: "It is.", content: json({ type: "object", properties: { status: { const: "ok" } } }) },
        503: refused("The database cannot be reached."),
      },
    },
  },
  "/api/v1/me": {
    get: {
      operationId: "me",
      tags: ["house"],
      summary: "Who am I?",
      description: "The signed-in person, their companies, and their roles in the one chosen by Heartwood-Tenant.",
      parameters: [{ $ref: "#/components/parameters/Tenant" }],
      responses: {
        200: {
          description: "You.",
          content: json({
            type: "object",
            properties: {
              user: { type: "object", properties: { id, email: text, name: text } },
              personId: { type: ["string", "null"], format: "uuid" },
              tenant: { type: "object", properties: { id, name: text, isDemo: { type: "boolean" }, zone: text } },
              tenants: { type: "array", items: tenant },
              roles: {
                type: "array",
                items: { type: "object", properties: { role: text, title: text, scope: { type: ["object", "null"] } } },
              },
              today: { type: "string", format: "date" },
              demo: { type: "boolean" },
            },
          }),
        },
        401: signedOut,
      },
    },
  },
  "/api/v1/catalogue": {
    get: {
      operationId: "catalogue",
      tags: ["house"],
      summary: "What may I run?",
      description: "Modules, operations and registers this person may use, from which screens are made. Has an ETag.",
      parameters: [{ $ref: "#/components/parameters/Tenant" }],
      responses: {
        200: { description: "The catalogue.", content: json({ type: "object" }) },
        304: { description: "As before." },
        401: signedOut,
      },
    },
  },
  "/api/v1/catalogue/{name}": {
    get: {
      operationId: "catalogueEntry",
      tags: ["house"],
      summary: "Whose work is this?",
      description: "What an operation is called and who may run it, also when one may not oneself.",
      parameters: [{ name: "name", in: "path", required: true, schema: text }, { $ref: "#/components/parameters/Tenant" }],
      responses: {
        200: {
          description: "Its title, and who may in words.",
          content: json({ type: "object", properties: { name: text, title: text, may: { type: "array", items: text } } }),
        },
        401: signedOut,
        404: { description: "There is no such operation." },
      },
    },
  },
  "/api/v1/files": {
    post: {
      operationId: "uploadFile",
      tags: ["house"],
      summary: "Upload a file",
      description: "25 MB at most. The answer's `id` is what fields of the kind file take. What it is, its content decides.",
      requestBody: {
        required: true,
        content: {
          "multipart/form-data": {
            schema: { type: "object", properties: { file: { type: "string", format: "binary" } }, required: ["file"] },
          },
        },
      },
      responses: {
        201: {
          description: "Kept.",
          content: json({ type: "object", properties: { id, name: text, mediaType: text, size: { type: "integer" } } }),
        },
        401: signedOut,
        409: refused("The virus scanner found something in it."),
        413: refused("The file is too large."),
        503: refused("The virus scanner gives no verdict."),
      },
    },
  },
  "/api/v1/files/{id}": {
    get: {
      operationId: "downloadFile",
      tags: ["house"],
      summary: "Download a file",
      description: "Yours, or one that a record names which you may see. `inline=1` shows PNG, JPEG and PDF in the browser.",
      parameters: [
        { name: "id", in: "path", required: true, schema: id },
        { name: "inline", in: "query", schema: { type: "string", enum: ["1"] } },
      ],
      responses: {
        200: { description: "The bytes.", content: { "application/octet-stream": {} } },
        401: signedOut,
        404: { $ref: "#/components/responses/NotFound" },
      },
    },
  },
} as const;
