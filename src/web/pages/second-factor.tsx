// The second factor: set up with a QR code and a first code, switched off with the password.
import { Alert, Button, Code, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { drawingSVG, qrcode } from "bwip-js/generic";
import { type FormEvent, useMemo, useState } from "react";
import { asProblem, getJson, postJson, type Problem } from "../client.ts";
import { ProblemAlert } from "../kit/page.tsx";
import { text } from "../text.ts";

interface Enrolment {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

function Qr({ words }: { words: string }) {
  const picture = useMemo(
    () =>
      `data:image/svg+xml;utf8,${encodeURIComponent(
        qrcode({ bcid: "qrcode", text: words, scale: 4, padding: 3, backgroundcolor: "ffffff" }, drawingSVG()),
      )}`,
    [words],
  );
  return <img src={picture} width={196} height={196} alt={text.account.qr} className="hw-qr" />;
}

function useSteps() {
  const [problem, setProblem] = useState<Problem>();
  const [pending, setPending] = useState(false);
  const attempt = async <T,>(path: string, body: unknown): Promise<T | undefined> => {
    setProblem(undefined);
    setPending(true);
    try {
      return (await postJson<T>(path, body)).body ?? ({} as T);
    } catch (error) {
      setProblem(asProblem(error));
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { problem, pending, attempt };
}

function Confirming({ enrolment, onDone }: { enrolment: Enrolment; onDone: () => void }) {
  const [code, setCode] = useState("");
  const { problem, pending, attempt } = useSteps();
  const key = new URL(enrolment.totpURI).searchParams.get("secret") ?? "";
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await attempt("/api/auth/two-factor/verify-totp", { code: code.replace(/\s/g, "") })) onDone();
  };
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Stack gap="sm" align="flex-start">
        <p>{text.account.secondScan}</p>
        <Qr words={enrolment.totpURI} />
        <p className="hw-dim hw-small">
          {text.account.secondKey} <Code className="hw-anywhere">{key}</Code>
        </p>
        <div>
          <p>{text.account.backupSays}</p>
          <ul className="hw-codes" aria-label={text.account.backup}>
            {enrolment.backupCodes.map((one) => (
              <li key={one}>
                <Code>{one}</Code>
              </li>
            ))}
          </ul>
        </div>
        <ProblemAlert problem={problem} />
        <Group align="flex-end">
          <TextInput
            label={text.account.secondCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" loading={pending} disabled={code.replace(/\s/g, "").length < 6}>
            {text.account.secondConfirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function SecondFactor() {
  const client = useQueryClient();
  const own = useQuery({
    queryKey: ["session"],
    queryFn: () => getJson<{ user?: { twoFactorEnabled?: boolean | null } } | null>("/api/auth/get-session"),
  });
  const [password, setPassword] = useState("");
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const { problem, pending, attempt } = useSteps();
  const isOn = own.data?.user?.twoFactorEnabled === true;
  const refresh = (): void => {
    setEnrolment(undefined);
    setPassword("");
    void client.invalidateQueries({ queryKey: ["session"] });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isOn) {
      if (await attempt("/api/auth/two-factor/disable", { password })) refresh();
      return;
    }
    const begun = await attempt<Enrolment>("/api/auth/two-factor/enable", { password });
    if (begun) setEnrolment(begun);
  };
  if (enrolment) return <Confirming enrolment={enrolment} onDone={refresh} />;
  return (
    <form onSubmit={(event) => void submit(event)} className="hw-narrow">
      <Stack gap="sm">
        <p className="hw-does">{text.account.secondSays}</p>
        <Alert color={isOn ? "green" : "gray"} role="status">
          {isOn ? text.account.secondOn : text.account.secondIsOff}
        </Alert>
        <PasswordInput
          label={text.account.passwordNow}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": text.signIn.showPassword }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ProblemAlert problem={problem} />
        <Button type="submit" variant="default" loading={pending} disabled={password === ""} style={{ alignSelf: "flex-start" }}>
          {isOn ? text.account.secondOff : text.account.secondSetUp}
        </Button>
      </Stack>
    </form>
  );
}
