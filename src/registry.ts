// Every module of the house, in the order of the floors. What is not named here does not exist on any face.
import { compose, type Registry } from "./platform/operation/registry.ts";
import type { Module } from "./platform/operation/module.ts";
import { platformModules } from "./platform/rooms/module.ts";
import { directory } from "./modules/directory/index.ts";
import { office } from "./modules/office/index.ts";
import { people } from "./modules/people/index.ts";
import { assets } from "./modules/assets/index.ts";
import { it } from "./modules/it/index.ts";
import { facilities } from "./modules/facilities/index.ts";
import { finance } from "./modules/finance/index.ts";
import { payroll } from "./modules/payroll/index.ts";
import { governance } from "./modules/governance/index.ts";
import { purchasing } from "./modules/purchasing/index.ts";
import { processModule } from "./modules/office/index.ts";
import { processes } from "./processes/index.ts";

const modules: readonly Module[] = [
  ...platformModules(() => registry),
  directory,
  office,
  people,
  assets,
  finance,
  payroll,
  governance,
  it,
  facilities,
  purchasing,
  processModule(processes),
];

export const registry: Registry = compose(modules);
