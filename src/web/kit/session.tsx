// Who is acting, for which company, and what they may do: the two answers every screen stands on.
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { type Catalogue, readCatalogue } from "../catalogue.ts";
import { asProblem, forgetCompany, getJson, type Problem } from "../client.ts";
import { stateText } from "./format.ts";

export interface Me {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly personId: string | null;
  readonly tenant: { readonly id: string; readonly name: string; readonly isDemo: boolean; readonly zone: string };
  readonly tenants: readonly { readonly id: string; readonly name: string }[];
  readonly roles: readonly { readonly role: string; readonly title: string; readonly scope: unknown }[];
  /** The company's day. */
  readonly today: string;
  readonly demo: boolean;
}

interface Session {
  readonly me: Me;
  readonly catalogue: Catalogue;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("This part of the page needs someone signed in.");
  return session;
}

export const useMe = (): Me => useSession().me;
export const useCatalogue = (): Catalogue => useSession().catalogue;

/** What a process, a department or a kind of work is called, as the house declares it; else its name in words. */
export function useCalled(): (name: string) => string {
  const { titles } = useCatalogue();
  return (name) => titles[`process.${name}`] ?? titles[name] ?? stateText(name.replace(".", ": "));
}

/** The catalogue, or nothing when nobody is signed in. */
export const useCatalogueIfAny = (): Catalogue | undefined => useContext(SessionContext)?.catalogue;

/** The company's day, from the server: what every form proposes as "today". */
export const useToday = (): string => useMe().today;

async function readMe(): Promise<Me> {
  try {
    return await getJson<Me>("/api/v1/me");
  } catch (error) {
    const problem = asProblem(error);
    // A company chosen in an earlier session may not be this person's; then the first of theirs is taken.
    if (problem.status !== 403 && problem.status !== 404) throw problem;
    forgetCompany();
    return getJson<Me>("/api/v1/me");
  }
}

export type SessionState =
  | { readonly is: "loading" }
  | { readonly is: "signedOut" }
  | { readonly is: "broken"; readonly problem: Problem; readonly retry: () => void }
  | { readonly is: "ready"; readonly session: Session };

export function useSessionState(): SessionState {
  const me = useQuery<Me, Problem>({ queryKey: ["me"], queryFn: readMe, staleTime: 60_000 });
  const catalogue = useQuery<Catalogue, Problem>({
    queryKey: ["catalogue"],
    queryFn: async () => readCatalogue(await getJson("/api/v1/catalogue")),
    staleTime: Infinity,
    enabled: me.isSuccess,
  });
  if (me.error?.status === 401 || catalogue.error?.status === 401) return { is: "signedOut" };
  const broken = me.error ?? catalogue.error;
  if (broken) return { is: "broken", problem: broken, retry: () => void (me.error ? me.refetch() : catalogue.refetch()) };
  if (!me.data || !catalogue.data) return { is: "loading" };
  return { is: "ready", session: { me: me.data, catalogue: catalogue.data } };
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}
