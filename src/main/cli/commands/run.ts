import { randomUUID } from 'node:crypto';
import type { Config } from '../../host/config.ts';
import { foldGoal } from '../../../shared/goal/evolve.ts';
import type { GoalId } from '../../../shared/kernel/ids.ts';
import { redactText } from '../../../shared/redact.ts';
import { agentText, envNames, maxGoalBytes, runOptions, runRequest, withEnvNames } from '../run-options.ts';
import { parseFlags } from '../args.ts';
import type { Parsed } from '../args.ts';
import { openSession, readEvents } from '../client.ts';
import type { Session } from '../client.ts';
import { inert } from '../../../shared/safe-text.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { followOn } from '../follow-on.ts';
import { outcomeOf } from '../outcome.ts';
import { line } from '../output.ts';

/** `-` is the standard input: an argument longer than 128 kB never arrives. */
async function withTyped(flags: Parsed, io: Io): Promise<Parsed> {
  const [text, ...rest] = flags.positionals;
  return text === '-' ? { ...flags, positionals: [await io.input(maxGoalBytes), ...rest] } : flags;
}

/** On the command line nobody sees which folder was meant. */
const about = (path: string, { code, message }: { code: string; message: string }): string =>
  code.startsWith('project.') ? `${inert(path)}: ${message}` : message;

/** What a person should know before the goal begins, without being a reason not to. */
function remark(flags: Parsed, config: Config, text: string, io: Io): void {
  for (const name of envNames(flags))
    if (config.env[name] === undefined) io.err(`${name} is not set here; the agent starts without it.\n`);
  if (redactText(text).count > 0)
    io.err(
      'The goal holds what looks like a key. The log keeps none, so the agent does not get it either.\n',
    );
}

/** `omk goal plan`: as `run`, up to where the plan waits for the person; nothing is asked inline, so that it can be read first. */
export async function planGoal(args: readonly string[], config: Config, io: Io): Promise<number> {
  if (parseFlags(args, runOptions, { positionals: Number.POSITIVE_INFINITY }).flag('yes-plan'))
    throw misused('omk goal plan stops before the plan is accepted. Use omk goal run with --yes-plan.');
  const defaults = { ...config.defaults, policy: { ...config.defaults.policy, yesPlan: false } };
  return runGoal([...args, '--until-ready'], { ...config, defaults }, { ...io, isTty: false });
}

/** `omk goal run`: opens a goal; with `--until-ready` follows it until it stops. */
export async function runGoal(args: readonly string[], config: Config, io: Io): Promise<number> {
  const options = parseFlags(args, runOptions, { positionals: Number.POSITIVE_INFINITY });
  const names = envNames(options);
  const wanted = agentText(options, config.defaults.agent);
  const flags = await withTyped(options, io);
  const request = await runRequest(flags, io.cwd, config.defaults, randomUUID());
  remark(flags, config, request.text, io);
  const untilReady = flags.flag('until-ready');
  const json = flags.flag('json');
  const session = await openSession(config, { drive: untilReady });
  try {
    const agent = await session.client.agents.parseCommand({ text: wanted });
    if (!agent.ok) throw failed(agent.message);
    const opened = await session.client.goals.open({ ...request, agent: withEnvNames(agent.value, names) });
    if (!opened.ok) throw failed(about(request.path, opened.error));
    const { goalId } = opened.value;
    if (untilReady) return await followOn(config, session, goalId, { json, afterVersion: 0, io });
    if (json) await printOpened(session, goalId, io);
    else {
      io.out(`Goal opened: ${goalId}\n`);
      if (session.here) io.out(`Nothing runs yet. Go on with: omk goal resume ${goalId} --until-ready\n`);
    }
    return 0;
  } finally {
    await session.close();
  }
}

/** The events so far and the document that ends every run, whose exit code is the one of opening: it worked. */
async function printOpened(session: Session, goalId: GoalId, io: Io): Promise<void> {
  const events = await readEvents(session.client, goalId);
  for (const event of events) line(io, event);
  const { status, reasons } = outcomeOf(foldGoal(events), null);
  line(io, { type: 'result', goal_id: goalId, status, reasons, proof_path: null, exit_code: 0 });
}
