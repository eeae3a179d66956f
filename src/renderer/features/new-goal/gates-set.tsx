import { useState } from 'react';
import type { Inspection } from '../../../shared/api/projects.ts';
import { runsText, shellText } from '../../../shared/goal/gate-table.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { splitShellWords } from '../../../shared/kernel/shell-words.ts';
import { short } from '../../../shared/units.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { isOn, typedGate } from '../../stores/new-goal-form.ts';
import type { NewGoalForm } from '../../stores/new-goal-form.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/notes.tsx';

/** Exact commands, never names of scripts, and the step that trusts them by digest. */
export function GatesSet(props: {
  inspection: Inspection;
  form: NewGoalForm;
  onChange: (part: Partial<NewGoalForm>) => void;
  digest: string | null;
  commands: number;
}) {
  const { inspection, form, onChange } = props;
  const [adding, setAdding] = useState(false);
  const { gates, notes, unreadable } = inspection.gates;
  return (
    <section className="set">
      <h2>{t.newGoal.gates}</h2>
      <div>
        {unreadable !== null && (
          <Note tone="fail" icon="failed_infra" title={t.newGoal.unreadable}>
            <Foreign text={unreadable} />
          </Note>
        )}
        {gates.map((gate) => (
          <GateLine
            key={gate.name}
            gate={gate}
            on={isOn(form, gate)}
            onToggle={(on) => onChange({ selection: { ...form.selection, [gate.name]: on } })}
          />
        ))}
        {form.added.map((gate) => (
          <GateLine
            key={`added ${gate.name}`}
            gate={gate}
            on
            onRemove={() => onChange({ added: form.added.filter((one) => one.name !== gate.name) })}
          />
        ))}
        {gates.length === 0 && form.added.length === 0 && unreadable === null && (
          <p className="ink-2" style={{ lineHeight: '26px' }}>
            {t.newGoal.noGates}
          </p>
        )}
        {notes.map((note) => (
          <p className="hint" key={note}>
            <Foreign text={note} />
          </p>
        ))}
        {adding ? (
          <AddGate
            onAdd={(gate) => {
              onChange({ added: [...form.added.filter((one) => one.name !== gate.name), gate] });
              setAdding(false);
            }}
            onCancel={() => setAdding(false)}
          />
        ) : (
          <button type="button" className="link small" onClick={() => setAdding(true)}>
            {t.newGoal.addGate}
          </button>
        )}
        {props.commands > 0 && (
          <div className="trust">
            <Icon name="shield" />
            <p>
              {t.newGoal.trustText(props.commands)}{' '}
              <code className="nowrap" title={props.digest ?? undefined}>
                {props.digest === null ? '…' : short(props.digest)}
              </code>
              . {t.newGoal.trustEnd}
            </p>
          </div>
        )}
      </div>
    </section>
  );
}

function GateLine(props: {
  gate: GateSpec;
  on: boolean;
  onToggle?: (on: boolean) => void;
  onRemove?: () => void;
}) {
  const { gate, on, onToggle, onRemove } = props;
  const runs = runsText(gate);
  return (
    <div className="set-line" data-off={!on || undefined}>
      {onToggle ? (
        <Check checked={on} onChange={onToggle} label={t.newGoal.gateOn(gate.name)} />
      ) : (
        <Icon name="pass" tone="mute" />
      )}
      <span className="name" title={inertLine(gate.name)}>
        <Foreign text={gate.name} />
      </span>
      <span className="what ink-2">
        {gate.kind === 'golden' && <span className="ink-3">{t.gates.kind.golden}: </span>}
        <code>
          <Foreign text={shellText(gate.argv)} />
        </code>
        {gate.cwd !== '' && (
          <span className="ink-3 small">
            {' '}
            <Foreign text={gate.cwd} />
          </span>
        )}
      </span>
      {onRemove ? (
        <Button
          small
          variant="ghost"
          icon="cross"
          aria-label={t.newGoal.remove(gate.name)}
          onClick={onRemove}
        />
      ) : (
        <span className="from" title={inertLine(gate.source)}>
          {gate.network ? `${t.newGoal.network}, ` : ''}
          {gate.required ? '' : `${t.newGoal.optional}, `}
          <Foreign text={t.newGoal.from(gate.source)} />
        </span>
      )}
      {runs !== null && (
        <span className="script">
          {t.newGoal.script}{' '}
          <code>
            <Foreign text={runs} />
          </code>
        </span>
      )}
    </div>
  );
}

function AddGate(props: { onAdd: (gate: GateSpec) => void; onCancel: () => void }) {
  const [name, setName] = useState('');
  const [command, setCommand] = useState('');
  const words = splitShellWords(command);
  const complete = name.trim() !== '' && words.ok;
  const add = (): void => {
    if (complete && words.ok) props.onAdd(typedGate(name.trim().slice(0, 100), [...words.value]));
  };
  return (
    <form
      className="add-form"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onCancel();
      }}
    >
      <label htmlFor="gate-command">{t.newGoal.gateCommand}</label>
      <div className="field" data-bad={(command !== '' && !words.ok) || undefined}>
        <input
          id="gate-command"
          className="mono"
          // The form was opened to type into it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={command}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            const text = event.target.value;
            setCommand(text);
            if (name === '' || name === suggested(command)) setName(suggested(text));
          }}
        />
      </div>
      <label htmlFor="gate-name">{t.newGoal.gateName}</label>
      <div className="field">
        <input
          id="gate-name"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="buttons">
        <Button small submit disabled={!complete}>
          {t.newGoal.addGate.replace('…', '')}
        </Button>
        <Button small variant="ghost" onClick={props.onCancel}>
          {t.cancel}
        </Button>
        <span className="hint" data-bad={(command !== '' && !words.ok) || undefined}>
          {command !== '' && !words.ok ? words.error.message : t.newGoal.gateCommandHint}
        </span>
      </div>
    </form>
  );
}

const suggested = (command: string): string => command.trim().split(/\s+/).slice(0, 3).join(' ').slice(0, 40);
