// Hand-made parts of documents: the preview on the record.
import { lazy } from "react";
import type { RecordPanel } from "../../../screen.ts";
import { documentWords } from "./words.ts";

export const documentPanels: readonly RecordPanel[] = [
  { register: "office.document", title: documentWords.content, component: lazy(() => import("./document-panel.tsx")) },
];
