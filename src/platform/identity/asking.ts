// better-auth remembers whose request it serves in stores that follow every promise (AsyncLocalStorage). From the first sign-in on Node
// then watches all promises of the whole process, which made each of them cost twice as much; so the stores are put away as soon as
// nobody is signing in.
import { AsyncLocalStorage } from "node:async_hooks";

let underway = 0;

/** Does work of better-auth. */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  underway += 1;
  try {
    return await work();
  } finally {
    underway -= 1;
    if (underway === 0) putAway();
  }
}

/** A store that is put away takes itself up again with the next request. */
function putAway(): void {
  const { context = {} } = (globalThis as { [house]?: { readonly context?: object } })[house] ?? {};
  for (const store of Object.values(context)) if (store instanceof AsyncLocalStorage) store.disable();
}

// Where better-auth keeps them, so that several copies of it share them.
const house: unique symbol = Symbol.for("better-auth:global") as never;
