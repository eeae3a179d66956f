import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { Button } from '../../ui/button.tsx';
import { useRemote } from '../../ui/hooks.ts';
import { Foreign } from '../../ui/foreign.tsx';
import { Loading, Note } from '../../ui/notes.tsx';
import { Chooser } from './chooser.tsx';
import { GoalForm } from './goal-form.tsx';
import './new-goal.css';

/** One text box; below it everything that has a sensible default. */
export function NewGoalScreen(props: { path: string | null; pickFolder: () => void }) {
  return props.path === null ? (
    <Chooser pickFolder={props.pickFolder} problem={null} />
  ) : (
    <WithProject key={props.path} path={props.path} pickFolder={props.pickFolder} />
  );
}

function WithProject(props: { path: string; pickFolder: () => void }) {
  const { path } = props;
  const { router } = useApp();
  const inspected = useRemote(`inspect ${path}`, (client, signal) =>
    client.projects.inspect({ path }, { signal }),
  );
  const info = useRemote('info', (client, signal) => client.app.info({}, { signal }));
  const agents = useRemote('agents', (client, signal) => client.agents.list({ refresh: false }, { signal }));
  if (inspected.phase === 'failed') {
    return (
      <Chooser
        pickFolder={props.pickFolder}
        problem={
          <Note
            tone="fail"
            icon="failed_infra"
            title={t.newGoal.inspectFailed}
            actions={
              <Button small icon="retry" onClick={inspected.reload}>
                {t.retry}
              </Button>
            }
          >
            <Foreign text={inspected.message} />
          </Note>
        }
      />
    );
  }
  if (inspected.value === undefined || info.value === undefined) {
    return <Loading screen what={t.newGoal.reading(path)} />;
  }
  if (!inspected.value.ok) {
    const { code, message } = inspected.value.error;
    return (
      <Chooser
        pickFolder={props.pickFolder}
        problem={
          <Note tone="warn" icon="info" title={<Foreign text={message} />}>
            {t.newGoal.problems[code]}
          </Note>
        }
      />
    );
  }
  return (
    <GoalForm
      inspection={inspected.value.value}
      info={info.value}
      agents={agents.value ?? null}
      onRefreshAgents={agents.reload}
      onLeave={router.back}
    />
  );
}
