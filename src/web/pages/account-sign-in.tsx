// Changing the password, and ending sign-ins on other devices.
import { Alert, Button, PasswordInput, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem, getJson, postJson, type Problem } from "../client.ts";
import { Loaded, ProblemAlert } from "../kit/page.tsx";
import { InstantText } from "../kit/show.tsx";
import { text } from "../text.ts";

export function PasswordChange() {
  const [now, setNow] = useState("");
  const [next, setNext] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [done, setDone] = useState(false);
  const client = useQueryClient();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(undefined);
    setDone(false);
    try {
      await postJson("/api/auth/change-password", { currentPassword: now, newPassword: next, revokeOtherSessions: true });
      setNow("");
      setNext("");
      setDone(true);
      await client.invalidateQueries({ queryKey: ["sessions"] });
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const toggle = { "aria-label": text.signIn.showPassword };
  return (
    <form onSubmit={(event) => void submit(event)} className="hw-narrow">
      <Stack gap="sm">
        <PasswordInput
          label={text.account.passwordNow}
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          value={now}
          onChange={(event) => setNow(event.currentTarget.value)}
        />
        <PasswordInput
          label={text.account.passwordNew}
          description={text.account.passwordSays}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <ProblemAlert problem={problem} />
        {done && (
          <Alert color="green" role="status">
            {text.account.passwordChanged}
          </Alert>
        )}
        <Button type="submit" variant="default" disabled={now === "" || next.length < 12} style={{ alignSelf: "flex-start" }}>
          {text.account.passwordChange}
        </Button>
      </Stack>
    </form>
  );
}

interface SignedIn {
  readonly id: string;
  readonly token: string;
  readonly createdAt: string;
  readonly userAgent?: string | null;
  readonly ipAddress?: string | null;
}

/** "Firefox on Windows", from what the browser says of itself. */
function deviceOf(agent: string | null | undefined): string {
  const said = agent ?? "";
  const browser = /Firefox|Edg|Chrome|Safari/.exec(said)?.[0]?.replace("Edg", "Edge");
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(said)?.[0];
  return [browser, system].filter(Boolean).join(", ") || said.slice(0, 60) || "—";
}

/** Ending a session needs the password once more. */
function useEnding() {
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem>();
  const [password, setPassword] = useState("");
  const end = async (path: string, body: object): Promise<void> => {
    setProblem(undefined);
    try {
      await postJson(path, { ...body, password });
      setPassword("");
      await client.invalidateQueries({ queryKey: ["sessions"] });
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return { password, setPassword, problem, end };
}

export function Sessions() {
  const own = useQuery({ queryKey: ["session"], queryFn: () => getJson<{ session?: { id: string } } | null>("/api/auth/get-session") });
  const found = useQuery<readonly SignedIn[], Problem>({ queryKey: ["sessions"], queryFn: () => getJson("/api/auth/list-sessions") });
  const { password, setPassword, problem, end } = useEnding();
  return (
    <>
      <ProblemAlert problem={problem} />
      <Loaded query={found} lines={2}>
        {(sessions) => (
          <>
            <ul className="hw-works">
              {sessions.map((session) => (
                <li key={session.id} className="hw-work">
                  <div className="hw-work-words">
                    <span>
                      {deviceOf(session.userAgent)}{" "}
                      {session.id === own.data?.session?.id && <span className="hw-dim">({text.account.here})</span>}
                    </span>
                    <span className="hw-dim hw-small">
                      {text.account.sessionSince} <InstantText value={session.createdAt} /> {session.ipAddress && `· ${session.ipAddress}`}
                    </span>
                  </div>
                  {session.id !== own.data?.session?.id && (
                    <Button
                      variant="default"
                      disabled={password === ""}
                      onClick={() => void end("/api/auth/revoke-session", { token: session.token })}
                    >
                      {text.account.sessionEnd}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            {sessions.length > 1 && (
              <Stack gap="sm" mt="sm" className="hw-narrow">
                <PasswordInput
                  label={text.account.passwordNow}
                  autoComplete="current-password"
                  visibilityToggleButtonProps={{ "aria-label": text.signIn.showPassword }}
                  value={password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                />
                <Button
                  variant="default"
                  disabled={password === ""}
                  onClick={() => void end("/api/auth/revoke-other-sessions", {})}
                  style={{ alignSelf: "flex-start" }}
                >
                  {text.account.sessionsEnd}
                </Button>
              </Stack>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
