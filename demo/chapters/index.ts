// The chapters of the demo in the order in which they are told.
import type { Story } from "../story.ts";
import { accessChapter } from "./access.ts";
import { booksChapter } from "./books.ts";
import { directoryChapter } from "./directory.ts";

export interface Chapter {
  readonly title: string;
  readonly tell: (story: Story) => Promise<void>;
}

export const chapters: readonly Chapter[] = [
  { title: "Directory: units, seats, places, customers, suppliers", tell: directoryChapter },
  { title: "Access: members and roles", tell: accessChapter },
  { title: "Books: a year of invoices, bills and payments", tell: booksChapter },
];
