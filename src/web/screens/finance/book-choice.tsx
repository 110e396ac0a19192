// Which set of books a screen is about, where the company keeps several: one choice for all screens of finance, kept in the address
// and remembered in this tab for the next screen. What is asked and done below is told it by the kit (`within.ts`).
import { NativeSelect } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { Beside, Loaded, LoadingLines, type Row, useMay, useMe, usePage, useRecord } from "../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../kit/query-state.ts";
import { Within } from "../../kit/within.ts";
import type { Screen } from "../../screen.ts";
import { words } from "./book-words.ts";

interface Book extends Row {
  readonly name: string;
  readonly currency: string;
  readonly isMain: boolean;
}

/** Every set of books of the company; none for who may not see the list; undefined until it is there. */
export function useBooks(): readonly Book[] | undefined {
  const enabled = useMay("finance.book.list");
  const found = usePage<Book>("finance.book", { sort: "name", limit: 200 }, { enabled });
  return enabled && found.isPending ? undefined : (found.data?.rows ?? []);
}

const Chosen = createContext<Book | undefined>(undefined);

/** The books that the screen is about. */
export const useBook = (): Book | undefined => useContext(Chosen);

/** What in an address belongs to one set of books, and to no other. */
const ofOne = ["periodId", "accountId", "dimensionValueId", "explain", "box", "code"];

function useChosen(books: readonly Book[]): Book | undefined {
  const { user, tenant } = useMe();
  const key = `heartwood.books.${tenant.id}.${user.id}`;
  const { bookId: asked } = useQueryFields();
  const change = useSetQueryFields();
  const path = useLocation({ select: (location) => location.pathname });
  const [here] = useState(path);
  const id = asked ?? sessionStorage.getItem(key);
  const book = books.find((one) => one.id === id) ?? books.find((one) => one.isMain);
  const chosen = books.length > 1 ? book?.id : undefined;
  useEffect(() => {
    // On the way to another page the address is that page's already.
    if (!chosen || path !== here) return;
    sessionStorage.setItem(key, chosen);
    if (asked !== chosen) change({ bookId: chosen });
  }, [asked, change, chosen, here, key, path]);
  return book;
}

interface AboutProps {
  readonly book: Book | undefined;
  readonly bookId: string | undefined;
  readonly beside: ReactNode;
  readonly children: ReactNode;
}

function About({ book, bookId, beside, children }: AboutProps) {
  const fields = useMemo(() => (bookId ? { bookId } : {}), [bookId]);
  return (
    <Chosen.Provider value={book}>
      <Within.Provider value={fields as Readonly<Record<string, string>>}>
        <Beside.Provider value={beside}>{children}</Beside.Provider>
      </Within.Provider>
    </Chosen.Provider>
  );
}

function OneOf({ books, children }: { books: readonly Book[]; children: ReactNode }) {
  const book = useChosen(books);
  const isOne = books.length < 2;
  return (
    <About book={book} bookId={isOne ? undefined : book?.id} beside={!isOne && <BookChoice books={books} />}>
      {children}
    </About>
  );
}

function BookChoice({ books }: { books: readonly Book[] }) {
  const book = useBook();
  const change = useSetQueryFields();
  const choose = (bookId: string): void => change({ ...Object.fromEntries(ofOne.map((field) => [field, undefined])), bookId });
  return (
    <NativeSelect
      size="xs"
      aria-label={words.books}
      maw="100%"
      data={books.map(({ id, name }) => ({ value: id, label: name }))}
      value={book?.id}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}

/** What is below is about the books chosen; the choice stands beside the title of the page. */
export function Books({ children }: { children: ReactNode }) {
  const books = useBooks();
  return books ? <OneOf books={books}>{children}</OneOf> : <LoadingLines lines={8} />;
}

/** What is below is about these books and no others: those of a document or of a bank account. */
export function BooksOf({ bookId, children }: { bookId: string; children: ReactNode }) {
  const books = useBooks();
  if (!books) return <LoadingLines lines={8} />;
  const book = books.find((one) => one.id === bookId);
  return (
    <About book={book} bookId={bookId} beside={books.length > 1 && <span className="hw-dim">{book?.name}</span>}>
      {children}
    </About>
  );
}

/** The same, known by an account of theirs. */
export function BooksOfAccount({ accountId, children }: { accountId: string; children: ReactNode }) {
  const found = useRecord("finance.account", accountId);
  return (
    <Loaded query={found} lines={8}>
      {(account) => <BooksOf bookId={String(account["bookId"])}>{children}</BooksOf>}
    </Loaded>
  );
}

/** A screen that is about the books chosen. */
export function inBooks(screen: Screen): Screen {
  const Shown = screen.component;
  const component = () => (
    <Books>
      <Shown />
    </Books>
  );
  return { ...screen, component };
}
