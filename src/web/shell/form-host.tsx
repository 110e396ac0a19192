// Any page may open an operation's form over itself: `?do=<operation>&with.<field>=value`. "Back" closes it.
import { Modal } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo } from "react";
import { present } from "../catalogue.ts";
import { closedTo } from "../client.ts";
import { recordPath } from "../kit/link.tsx";
import { LoadingLines, ProblemAlert } from "../kit/page.tsx";
import { useQueryFields, useSetQueryFields } from "../kit/query-state.ts";
import { useCatalogue } from "../kit/session.tsx";
import { screens } from "../screens.ts";
import { text } from "../text.ts";

const OperationForm = lazy(() => import("../form/operation-form.tsx").then((one) => ({ default: one.OperationForm })));

export function FormHost() {
  const fields = useQueryFields();
  const change = useSetQueryFields();
  const router = useRouter();
  const catalogue = useCatalogue();
  const name = fields["do"];
  const operation = name ? catalogue.operation(name) : undefined;
  const prefill = useMemo(
    () =>
      Object.fromEntries(Object.entries(fields).flatMap(([field, value]) => (field.startsWith("with.") ? [[field.slice(5), value]] : []))),
    [fields],
  );
  const made = name ? screens.find((screen) => screen.insteadOf?.takesFields && screen.insteadOf.operation === name) : undefined;
  useEffect(() => {
    if (made) router.history.replace(`${made.path}?${new URLSearchParams(prefill).toString()}`);
  }, [made, prefill, router]);
  const hasLines = Object.values(operation?.input.properties ?? {}).some((field) => Boolean(present(field).items?.properties));
  const close = useCallback(() => {
    const gone = Object.keys(fields).filter((field) => field === "do" || field.startsWith("with."));
    change(Object.fromEntries(gone.map((field) => [field, undefined])));
  }, [change, fields]);
  const after = useCallback(
    (path: string | undefined) => {
      close();
      // Whoever did something to a record from a list or from Today goes on there; only what is new is shown.
      const done = operation?.on && operation.target ? recordPath(operation.on, prefill[operation.target] ?? "") : undefined;
      if (path && path !== done && path !== router.latestLocation.pathname) router.history.push(path);
    },
    [close, operation, prefill, router],
  );
  return (
    <Modal
      opened={Boolean(name) && !made}
      onClose={close}
      size={hasLines ? "80rem" : "lg"}
      title={operation?.title ?? text.notPermitted.title}
      closeOnClickOutside={false}
      className="hw-formmodal"
    >
      {operation ? (
        <Suspense fallback={<LoadingLines />}>
          <OperationForm
            key={`${name}${JSON.stringify(prefill)}`}
            operation={operation.name}
            fields={prefill}
            onDone={after}
            onCancel={close}
          />
        </Suspense>
      ) : (
        name && <ProblemAlert problem={closedTo(name)} />
      )}
    </Modal>
  );
}
