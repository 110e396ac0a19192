// Every process of the house. This is the only place where departments meet.
import type { Process } from "../modules/office/index.ts";
import { purchase } from "./purchase.ts";

export const processes: readonly Process[] = [purchase];
