// Bringing books in from elsewhere: what was imported, and the ways in.
import { listColumns } from "./columns.operations.ts";
import { importRegister } from "./import.register.ts";
import { checkJournal, importJournal } from "./journal.operations.ts";
import { checkTable, importTable } from "./table.operations.ts";

export const importRegisters = [importRegister];
export const importOperations = [checkJournal, importJournal, listColumns, checkTable, importTable];
