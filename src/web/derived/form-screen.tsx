// An operation's form as a page of its own, prefilled from the address.
import { useRouter } from "@tanstack/react-router";
import { moduleOf, subjectOf } from "../catalogue.ts";
import { OperationForm } from "../form/operation-form.tsx";
import { registerPath, useGo } from "../kit/link.tsx";
import { PageHeader } from "../kit/page.tsx";
import { useNamedOperation, useQueryFields } from "../kit/query-state.ts";
import { useCatalogue } from "../kit/session.tsx";
import { screens } from "../screens.ts";
import { NoEntry } from "../shell/no-entry.tsx";
import { ScreenGate } from "../shell/screen-gate.tsx";

export default function FormScreen() {
  const name = useNamedOperation();
  const catalogue = useCatalogue();
  const fields = useQueryFields();
  const go = useGo();
  const router = useRouter();
  const operation = catalogue.operation(name);
  const made = screens.find((screen) => screen.insteadOf?.operation === name);
  if (made) {
    return (
      <ScreenGate needs={made.needs}>
        <made.component />
      </ScreenGate>
    );
  }
  if (!operation) return <NoEntry needs={name} />;
  const module = catalogue.modules.find((one) => one.name === moduleOf(name));
  const register = catalogue.register(operation.on ?? subjectOf(name));
  const crumbs = [
    ...(module ? [{ title: module.title, to: `/m/${module.name}` }] : []),
    ...(register ? [{ title: register.title, to: registerPath(register.name) }] : []),
  ];
  const after = (path: string | undefined): void => go(path ?? (register ? registerPath(register.name) : "/"), { replace: true });
  return (
    <div className="hw-formpage">
      <PageHeader title={operation.title} crumbs={crumbs} />
      <OperationForm key={name} operation={name} fields={fields} onDone={after} onCancel={() => router.history.back()} />
    </div>
  );
}
