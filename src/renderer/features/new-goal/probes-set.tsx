import { useState } from 'react';
import { shellText } from '../../../shared/goal/gate-table.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { splitShellWords } from '../../../shared/kernel/shell-words.ts';
import { typedProbe } from '../../stores/new-goal-form.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Black-box checks that no agent sees. */
export function ProbesSet(props: { form: NewGoalForm; onChange: (part: Partial<NewGoalForm>) => void }) {
  const { form, onChange } = props;
  const [adding, setAdding] = useState(false);
  return (
    <section className="set">
      <h2>{t.newGoal.probes}</h2>
      <div>
        {form.probes.map((probe) => (
          <div className="set-line" key={probe.name}>
            <Icon name="eye" tone="mute" />
            <span className="name">{probe.name}</span>
            <span className="what ink-2">
              <code>{shellText(probe.argv)}</code>
              {probe.expect?.stdout !== undefined && (
                <>
                  {' '}
                  <span className="ink-3">{t.newGoal.mustPrint}</span>{' '}
                  <code>{probe.expect.stdout.trim()}</code>
                </>
              )}
            </span>
            <Button
              small
              variant="ghost"
              icon="cross"
              aria-label={t.newGoal.remove(probe.name)}
              onClick={() => onChange({ probes: form.probes.filter((one) => one.name !== probe.name) })}
            />
          </div>
        ))}
        {adding ? (
          <AddProbe
            onAdd={(probe) => {
              onChange({ probes: [...form.probes.filter((one) => one.name !== probe.name), probe] });
              setAdding(false);
            }}
            onCancel={() => setAdding(false)}
          />
        ) : (
          <div className="set-row" style={{ minHeight: 26 }}>
            <button type="button" className="link small" onClick={() => setAdding(true)}>
              {t.newGoal.addProbe}
            </button>
            <span className="small ink-3">{t.newGoal.probesHint}</span>
          </div>
        )}
      </div>
    </section>
  );
}

function AddProbe(props: { onAdd: (probe: GateSpec) => void; onCancel: () => void }) {
  const [typed, setTyped] = useState({ name: '', command: '', stdin: '', stdout: '', exit: '0' });
  const words = splitShellWords(typed.command);
  const exit = typed.exit.trim() === '' ? null : Number(typed.exit);
  const exitOk = exit === null || (Number.isInteger(exit) && exit >= 0 && exit <= 255);
  const complete = typed.name.trim() !== '' && words.ok && exitOk && (typed.stdout !== '' || exit !== null);
  const field = (key: keyof typeof typed, label: string, mono = false) => (
    <>
      <label htmlFor={`probe-${key}`}>{label}</label>
      <div className="field">
        <input
          id={`probe-${key}`}
          className={mono ? 'mono' : undefined}
          value={typed[key]}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTyped((last) => ({ ...last, [key]: event.target.value }))}
        />
      </div>
    </>
  );
  return (
    <form
      className="add-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete && words.ok) {
          props.onAdd(
            typedProbe(typed.name.trim().slice(0, 100), [...words.value], {
              stdin: typed.stdin,
              stdout: typed.stdout,
              exit,
            }),
          );
        }
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onCancel();
      }}
    >
      {field('name', t.newGoal.probeName)}
      {field('command', t.newGoal.probeCommand, true)}
      {field('stdin', t.newGoal.probeStdin, true)}
      {field('stdout', t.newGoal.probeExpect, true)}
      {field('exit', t.newGoal.probeExit)}
      <div className="buttons">
        <Button small submit disabled={!complete}>
          {t.newGoal.addProbe.replace('…', '')}
        </Button>
        <Button small variant="ghost" onClick={props.onCancel}>
          {t.cancel}
        </Button>
        {typed.command !== '' && !words.ok && (
          <span className="hint" data-bad>
            {words.error.message}
          </span>
        )}
      </div>
    </form>
  );
}
