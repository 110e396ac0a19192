// Who are you: password, second factor when there is one; in the demo, a list of people to be.
import { Alert, Button, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { asProblem, postJson, type Problem } from "../client.ts";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text.ts";
import { DemoPeople } from "./demo-people.tsx";

interface SignInAnswer {
  readonly twoFactorRedirect?: boolean;
}

const wordsOf = (problem: Problem): string => problem.detail || problem.title || text.signIn.failed;

/** One step of signing in: sends, and says why it did not work. */
function useStep() {
  const [pending, setPending] = useState(false);
  const [why, setWhy] = useState<string>();
  const attempt = async <T,>(path: string, body: unknown): Promise<T | undefined> => {
    setPending(true);
    setWhy(undefined);
    try {
      return (await postJson<T>(path, body)).body ?? ({} as T);
    } catch (error) {
      setWhy(wordsOf(asProblem(error)));
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { pending, why, attempt };
}

function Why({ why }: { why: string | undefined }) {
  return why ? (
    <Alert color="red" role="alert" icon={<Icon name="alert" />}>
      {why}
    </Alert>
  ) : null;
}

function PasswordStep({ onIn, onSecond }: { onIn: () => void; onSecond: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { pending, why, attempt } = useStep();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await attempt<SignInAnswer>("/api/auth/sign-in/email", { email, password });
    if (answer) (answer.twoFactorRedirect ? onSecond : onIn)();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          label={text.signIn.email}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          size="sm"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={text.signIn.password}
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="sm"
          visibilityToggleButtonProps={{ "aria-label": text.signIn.showPassword }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Why why={why} />
        <Button type="submit" size="sm" loading={pending} fullWidth mt={4}>
          {text.signIn.enter}
        </Button>
      </Stack>
    </form>
  );
}

function SecondStep({ onIn, onBack }: { onIn: () => void; onBack: () => void }) {
  const [code, setCode] = useState("");
  const [backup, setBackup] = useState(false);
  const { pending, why, attempt } = useStep();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const path = backup ? "/api/auth/two-factor/verify-backup-code" : "/api/auth/two-factor/verify-totp";
    if (await attempt(path, { code: code.replace(/\s/g, "") })) onIn();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          autoFocus
          label={backup ? text.signIn.backupCode : text.signIn.code}
          description={backup ? undefined : text.signIn.codeSays}
          inputMode={backup ? "text" : "numeric"}
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          size="sm"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Why why={why} />
        <Button type="submit" size="sm" loading={pending} fullWidth>
          {text.signIn.confirm}
        </Button>
        <button type="button" className="hw-textbutton" onClick={() => setBackup(!backup)}>
          {backup ? text.signIn.useCode : text.signIn.useBackup}
        </button>
        <button type="button" className="hw-textbutton" onClick={onBack}>
          {text.signIn.startAgain}
        </button>
      </Stack>
    </form>
  );
}

export default function SignIn() {
  const client = useQueryClient();
  const [second, setSecond] = useState(false);
  useEffect(() => {
    document.title = `${text.signIn.title} · ${text.product}`;
  }, []);
  const enter = (): void => {
    void client.resetQueries();
  };
  return (
    <main className="hw-signin">
      <div className="hw-signin-column">
        <div className="hw-signin-mark">
          <img src="/mark.svg" width={44} height={44} alt="" />
          <div>
            <Title order={1} size="h2">
              {text.product}
            </Title>
            <p className="hw-does">{text.tagline}</p>
          </div>
        </div>
        <Paper withBorder p="lg" radius="md" className="hw-signin-card">
          {second ? (
            <SecondStep onIn={enter} onBack={() => setSecond(false)} />
          ) : (
            <PasswordStep onIn={enter} onSecond={() => setSecond(true)} />
          )}
        </Paper>
      </div>
      <DemoPeople onIn={enter} />
    </main>
  );
}
