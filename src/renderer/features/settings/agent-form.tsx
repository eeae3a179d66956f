import { useState } from 'react';
import type { ReactNode } from 'react';
import { entryProblems, firstProblem, placesOf, splitNames } from '../../../shared/agent-entry.ts';
import type { AgentEntry } from '../../../shared/agent-entry.ts';
import { splitShellWords } from '../../../shared/kernel/shell-words.ts';
import { t } from '../../strings.ts';
import { useAct } from '../../ui/act.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Foreign } from '../../ui/foreign.tsx';
import { Line } from './setting-line.tsx';
import { TrialView } from './trial-view.tsx';
import { useTrial } from './use-trial.ts';

/** An agent of one's own: its command as it will be run, a trial of it, and where it is kept. */
export function AgentForm(props: { taken: readonly string[]; onSaved: () => void; onClose: () => void }) {
  const act = useAct();
  const { trial, start, stop } = useTrial();
  const [name, setName] = useState('');
  const [protocol, setProtocol] = useState<AgentEntry['protocol']>('acp');
  const [command, setCommand] = useState('');
  const [env, setEnv] = useState('');
  const [files, setFiles] = useState('');
  const [home, setHome] = useState<'private' | 'user'>('private');
  const [asked, setAsked] = useState(false);
  const [saving, setSaving] = useState(false);

  const loginFiles = splitNames(files).map((file) => file.replace(/^~\//, ''));
  const entry: AgentEntry = {
    name,
    protocol,
    command,
    env: splitNames(env),
    ...placesOf({ loginFiles, home: home === 'user' ? home : undefined }),
  };
  const problems = entryProblems(entry, props.taken);
  // An empty field is no mistake until it is asked for.
  const shown = {
    name: name !== '' || asked ? problems.name : null,
    command: command !== '' || asked ? problems.command : null,
    env: problems.env,
    loginFiles: problems.loginFiles,
  };
  const triable = firstProblem({ ...problems, name: null }) === null;
  const tried =
    trial !== null &&
    trial.end?.type === 'ended' &&
    trial.end.ok &&
    trial.entry.command === command &&
    trial.entry.protocol === protocol &&
    trial.entry.home === entry.home &&
    trial.entry.loginFiles?.join() === entry.loginFiles?.join();

  const save = async (): Promise<void> => {
    setAsked(true);
    if (firstProblem(problems) !== null) return;
    setSaving(true);
    const saved = await act('agents.save', name, (client, commandId) =>
      client.agents.save({ commandId, entry }),
    );
    setSaving(false);
    if (saved.ok) props.onSaved();
  };
  const tryIt = (): void => {
    setAsked(true);
    if (triable) start({ ...entry, name: '' });
  };

  return (
    <form
      className="agent-form"
      aria-label={t.agents.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (tried) void save();
        else tryIt();
      }}
    >
      <Field id="agent-form-name" label={t.agents.name} problem={shown.name} hint={t.agents.nameHint}>
        <input
          id="agent-form-name"
          // It was just asked for.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={name}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          placeholder={t.agents.namePlaceholder}
          aria-invalid={shown.name !== null}
          aria-describedby="agent-form-name-hint"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Line name={t.agents.protocol}>
        <Segmented
          label={t.agents.protocol}
          value={protocol}
          options={[
            { value: 'acp', label: t.agent.protocol.acp },
            { value: 'wire', label: t.agent.protocol.wire },
          ]}
          onChange={setProtocol}
        />
      </Line>
      <Field
        id="agent-form-command"
        label={t.agents.command}
        problem={shown.command}
        hint={<Words command={command} />}
      >
        <input
          id="agent-form-command"
          className="mono"
          value={command}
          maxLength={20_000}
          spellCheck={false}
          autoComplete="off"
          placeholder={t.agents.commandPlaceholder[protocol]}
          aria-invalid={shown.command !== null}
          aria-describedby="agent-form-command-hint"
          onChange={(event) => setCommand(event.target.value)}
        />
      </Field>
      <Field id="agent-form-env" label={t.agents.env} problem={shown.env} hint={t.agents.envHint}>
        <input
          id="agent-form-env"
          className="mono"
          value={env}
          maxLength={10_000}
          spellCheck={false}
          autoComplete="off"
          placeholder="OPENAI_API_KEY"
          aria-invalid={shown.env !== null}
          aria-describedby="agent-form-env-hint"
          onChange={(event) => setEnv(event.target.value)}
        />
      </Field>
      <Field
        id="agent-form-login"
        label={t.agents.loginFiles}
        problem={shown.loginFiles}
        hint={t.agents.loginFilesHint}
      >
        <input
          id="agent-form-login"
          className="mono"
          value={files}
          maxLength={10_000}
          spellCheck={false}
          autoComplete="off"
          placeholder=".agent/auth.json"
          aria-invalid={shown.loginFiles !== null}
          aria-describedby="agent-form-login-hint"
          onChange={(event) => setFiles(event.target.value)}
        />
      </Field>
      <Line name={t.agents.home}>
        <Segmented
          label={t.agents.home}
          value={home}
          options={[
            { value: 'private', label: t.agents.homePrivate },
            { value: 'user', label: t.agents.homeUser },
          ]}
          onChange={setHome}
        />
        <span className="hint agent-home">{t.agents.homeHint[home]}</span>
      </Line>
      {trial && <TrialView trial={trial} />}
      <div className="agents-foot">
        {trial?.end === null ? (
          <Button key="stop" onClick={stop}>
            {t.trial.stop}
          </Button>
        ) : (
          <Button
            // Not the button that stops: its click must not become a submit.
            key="try"
            variant={tried ? 'plain' : 'primary'}
            icon="play"
            submit={!tried}
            onClick={tried ? tryIt : undefined}
          >
            {trial === null ? t.trial.start : t.trial.again}
          </Button>
        )}
        <Button
          variant={tried ? 'primary' : 'plain'}
          disabled={saving || trial?.end === null}
          onClick={() => void save()}
        >
          {tried ? t.agents.save : t.agents.saveUntried}
        </Button>
        <Button variant="ghost" onClick={props.onClose}>
          {t.cancel}
        </Button>
        <span className="small ink-3 grow">{t.agents.tryHint}</span>
      </div>
    </form>
  );
}

function Field(props: {
  id: string;
  label: string;
  problem: string | null;
  hint?: ReactNode;
  children: ReactNode;
}) {
  const { id, problem } = props;
  return (
    <div className="setting agent-field">
      <label htmlFor={id}>{props.label}</label>
      <span>
        <span className="field wide" data-bad={problem !== null || undefined}>
          {props.children}
        </span>
        <span id={`${id}-hint`} className="hint" data-bad={problem !== null || undefined} aria-live="polite">
          {problem ?? props.hint}
        </span>
      </span>
    </div>
  );
}

/** The command as it will be run: word by word, so that a missing quote shows. */
function Words(props: { command: string }) {
  const words = props.command.trim() === '' ? null : splitShellWords(props.command);
  if (words === null || !words.ok) return t.agents.commandHint;
  return (
    <span className="words">
      {words.value.slice(0, 30).map((word, at) => (
        // Words may repeat; their place is what they are.
        <code key={at}>
          <Foreign text={word === '' ? '""' : word} />
        </code>
      ))}
      {words.value.length > 30 && `+${words.value.length - 30}`}
    </span>
  );
}
