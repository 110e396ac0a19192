// Writes `docs/openapi.json`, which a check compares with what the registry says.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Registry } from "../operation/registry.ts";
import { openApiText } from "./openapi.ts";

const fileIn = (root: string): string => join(root, "docs/openapi.json");

export const writeOpenApi = (registry: Registry, root: string): Promise<void> => writeFile(fileIn(root), openApiText(registry));

export const isOpenApiFresh = async (registry: Registry, root: string): Promise<boolean> =>
  (await readFile(fileIn(root), "utf8").catch(() => "")) === openApiText(registry);
