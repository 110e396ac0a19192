// Every module of the house, in the order of the floors. What is not named here does not exist on any face.
import { compose, type Registry } from "./platform/operation/registry.ts";
import type { Module } from "./platform/operation/module.ts";
import { platformModules } from "./platform/rooms/module.ts";
import { directory } from "./modules/directory/index.ts";
import { office } from "./modules/office/index.ts";
import { finance } from "./modules/finance/index.ts";

const modules: readonly Module[] = [...platformModules(() => registry), directory, office, finance];

export const registry: Registry = compose(modules);
