// The presets of the company's size side by side; another can be looked at, with what it would change, before it is chosen.
import { Alert, Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Icon, ProblemAlert, Section, useMay, useRun } from "../../kit/index.ts";
import type { Problem } from "../../client.ts";
import { changesBetween, type ResponsibilityMap } from "./responsibility.ts";
import { mapWords as words } from "./words.ts";

interface Applied {
  readonly rerouted: number;
}

/** How many open tasks would change hands: asked by a dry run, which keeps nothing. */
function useRerouted(size: string, enabled: boolean): { rerouted: number | undefined; problem: Problem | undefined } {
  const { preview, problem } = useRun<Applied>("office.preset.apply");
  const [answer, setAnswer] = useState<{ size: string; rerouted: number }>();
  useEffect(() => {
    if (!enabled) return undefined;
    let wanted = true;
    void preview({ size }).then((would) => wanted && would && setAnswer({ size, rerouted: would.rerouted }));
    return () => {
      wanted = false;
    };
  }, [enabled, preview, size]);
  return { rerouted: answer?.size === size ? answer.rerouted : undefined, problem };
}

interface WouldProps {
  readonly now: ResponsibilityMap;
  readonly then: ResponsibilityMap;
  readonly onLeave: () => void;
}

function Would({ now, then, onLeave }: WouldProps) {
  const mayApply = useMay("office.preset.apply");
  const { rerouted, problem } = useRerouted(then.size, mayApply);
  const apply = useRun<Applied>("office.preset.apply", words.applied);
  const changes = changesBetween(now.rows, then.rows);
  const title = then.sizes.find((one) => one.size === then.size)?.title ?? then.size;
  const choose = async (): Promise<void> => {
    if ((await apply.run({ size: then.size })) !== undefined) onLeave();
  };
  return (
    <Alert
      color="yellow"
      title={words.looking(title)}
      icon={<Icon name="info" />}
      className="hw-would"
      role="region"
      aria-label={words.looking(title)}
    >
      <p>
        {words.wouldChange(changes.length)} {rerouted !== undefined && words.rerouted(rerouted)}
      </p>
      {changes.length > 0 && (
        <ul className="hw-would-changes">
          {changes.map(({ work, from }) => (
            <li key={work.activity}>
              <strong>{work.title}</strong> {words.change(from ?? words.nobody, work.person ?? words.nobody)}
            </li>
          ))}
        </ul>
      )}
      <ProblemAlert problem={apply.problem ?? problem} />
      <div className="hw-would-foot">
        {mayApply && (
          <Button onClick={() => void choose()} loading={apply.pending}>
            {words.apply}
          </Button>
        )}
        <Button variant="default" onClick={onLeave}>
          {words.back}
        </Button>
      </div>
    </Alert>
  );
}

interface PresetSwitchProps {
  readonly now: ResponsibilityMap;
  readonly then: ResponsibilityMap | undefined;
  readonly size: string;
  readonly onLook: (size: string | undefined) => void;
}

export function PresetSwitch({ now, then, size, onLook }: PresetSwitchProps) {
  return (
    <Section title={words.preset}>
      <ul className="hw-presets">
        {now.sizes.map((one) => {
          const isInForce = one.size === now.inForce;
          return (
            <li key={one.size} className="hw-preset" data-here={(size || now.inForce) === one.size || undefined}>
              <div className="hw-preset-title">
                <h3>{one.title}</h3>
                {isInForce ? (
                  <span className="hw-preset-inforce">
                    <Icon name="check" size={13} /> {words.inForce}
                  </span>
                ) : (
                  <Button
                    variant={size === one.size ? "filled" : "default"}
                    size="compact-xs"
                    aria-pressed={size === one.size}
                    aria-label={`${words.look}: ${one.title}`}
                    onClick={() => onLook(size === one.size ? undefined : one.size)}
                  >
                    {words.look}
                  </Button>
                )}
              </div>
              <p className="hw-dim hw-small">{one.says}</p>
            </li>
          );
        })}
      </ul>
      {then && size !== now.inForce && <Would key={then.size} now={now} then={then} onLeave={() => onLook(undefined)} />}
    </Section>
  );
}
