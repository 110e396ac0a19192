// The chapters of the demo in the order in which they are told.
import type { Story } from "../story.ts";
import { accessChapter } from "./access.ts";
import { bankChapter } from "./bank.ts";
import { booksChapter } from "./books.ts";
import { directoryChapter } from "./directory.ts";
import { dutiesChapter } from "./duties.ts";
import { payrollChapter } from "./payroll.ts";
import { peopleChapter } from "./people.ts";
import { thingsChapter } from "./things.ts";
import { quietChapter, wishesChapter } from "./wishes.ts";

export interface Chapter {
  readonly title: string;
  readonly tell: (story: Story) => Promise<void>;
}

export const chapters: readonly Chapter[] = [
  { title: "Directory: units, seats, places, customers, suppliers", tell: directoryChapter },
  { title: "Access: members and roles", tell: accessChapter },
  { title: "People: employments, leave, candidates", tell: peopleChapter },
  { title: "Things: devices, accounts, desks, maintenance", tell: thingsChapter },
  { title: "Duties: responsibilities, policies, risks, obligations", tell: dutiesChapter },
  { title: "Books: a year of invoices, bills and payments", tell: booksChapter },
  { title: "Payroll: a year of monthly runs", tell: payrollChapter },
  { title: "Bank: last week's statement, not matched yet", tell: bankChapter },
  { title: "Quiet: what is done is no news", tell: quietChapter },
  { title: "Work under way: purchases, a hire, a departure", tell: wishesChapter },
];
