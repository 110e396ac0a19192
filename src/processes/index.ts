// Every process of the house. This is the only place where departments meet.
import type { Process } from "../modules/office/index.ts";
import { breach } from "./breach.ts";
import { brokenLift } from "./broken-lift.ts";
import { hire } from "./hire.ts";
import { leave } from "./leave.ts";
import { subjectRequest } from "./subject-request.ts";
import { purchase } from "./purchase.ts";

export const processes: readonly Process[] = [hire, leave, purchase, brokenLift, breach, subjectRequest];
