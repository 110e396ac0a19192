// The frame of every statement: its title and export, the way to the other statements, its controls, the answer, and the panel that
// explains
// a figure of it.
import type { ReactNode } from "react";
import { Loaded, PageHeader } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import "./finance.css";
import { ExplainPanel } from "./reports/explain-panel.tsx";
import { ExportMenu, StatementFamily, Tools, WithoutPay } from "./statement-parts.tsx";

interface StatementScreenProps<T> {
  /** The operation that answers. */
  readonly name: string;
  readonly title: string;
  readonly does: string;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly found: Parameters<typeof Loaded<T>>[0]["query"] & { readonly isFetching: boolean };
  readonly tools: ReactNode;
  readonly lines?: number;
  /** Stands beside the statements and is none. */
  readonly isAlone?: boolean;
  readonly children: (shown: T) => ReactNode;
}

export function StatementScreen<T extends object>(props: StatementScreenProps<T>) {
  const { name, title, does, asked, found, tools, lines = 14, isAlone, children } = props;
  return (
    <>
      <PageHeader
        title={title}
        does={does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={<ExportMenu operation={name} asked={asked} />}
      />
      {!isAlone && <StatementFamily here={name} />}
      <Tools>{tools}</Tools>
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={lines}>
          {(shown) => (
            <>
              {"withoutPay" in shown && shown.withoutPay === true && <WithoutPay />}
              {children(shown)}
            </>
          )}
        </Loaded>
      </div>
      <ExplainPanel />
    </>
  );
}
