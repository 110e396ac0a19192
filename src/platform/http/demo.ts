// The demo's front door: choose who to be. It is only there when the house was started as a demo.
import type { FastifyInstance } from "fastify";
import type { SignIn } from "../identity/sign-in.ts";
import { HttpProblem, otherSite } from "./problem.ts";

export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  /** What they do, e.g. "Accountant". */
  readonly title: string;
  /** Titles of their roles. */
  readonly roles: readonly string[];
}

export interface Demo {
  people(): Promise<readonly DemoPerson[]>;
}

export function mountDemo(app: FastifyInstance, demo: Demo, signIn: Pick<SignIn, "findUser" | "signInAs" | "isSameOrigin">): void {
  app.get("/api/demo/people", async (_request, reply) => reply.header("cache-control", "no-store").send(await demo.people()));

  app.post("/api/demo/sign-in", async (request, reply) => {
    if (request.headers.origin !== undefined && !signIn.isSameOrigin(request)) throw otherSite();
    const { email } = (request.body ?? {}) as { email?: unknown };
    const people = await demo.people();
    const person = people.find((one) => typeof email === "string" && one.email.toLowerCase() === email.trim().toLowerCase());
    const user = person && (await signIn.findUser(person.email));
    if (!user || user.disabledAt) {
      const some = people
        .slice(0, 5)
        .map((one) => one.email)
        .join(", ");
      throw new HttpProblem(404, "noSuchPerson", `Nobody in the demo has this address. Try one of: ${some}.`);
    }
    // Signing in anew, not on top of whoever was here before.
    const { cookies } = await signIn.signInAs(user.userId, {});
    return reply.header("set-cookie", cookies).header("cache-control", "no-store").send({ email: user.email, name: user.name });
  });
}
