import { randomUUID } from 'node:crypto';
import type { Config } from '../../host/config.ts';
import { agentText, maxGoalBytes, runOptions, runRequest, withEnvNames } from '../run-options.ts';
import { parseFlags } from '../args.ts';
import type { Parsed } from '../args.ts';
import { openSession } from '../client.ts';
import { inert } from '../../../shared/safe-text.ts';
import type { Io } from '../io.ts';
import { failed } from '../io.ts';
import { followOn } from '../follow-on.ts';

/** `-` is the standard input: an argument longer than 128 kB never arrives. */
async function withTyped(flags: Parsed, io: Io): Promise<Parsed> {
  const [text, ...rest] = flags.positionals;
  return text === '-' ? { ...flags, positionals: [await io.input(maxGoalBytes), ...rest] } : flags;
}

/** On the command line nobody sees which folder was meant. */
const about = (path: string, { code, message }: { code: string; message: string }): string =>
  code.startsWith('project.') ? `${inert(path)}: ${message}` : message;

/** `omk goal run`: opens a goal; with `--until-ready` (or when this process is the host) follows it until it stops. */
export async function runGoal(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = await withTyped(parseFlags(args, runOptions, { positionals: Number.POSITIVE_INFINITY }), io);
  const wanted = agentText(flags, config.defaults.agent);
  const request = await runRequest(flags, io.cwd, config.defaults, randomUUID());
  const untilReady = flags.flag('until-ready');
  const session = await openSession(config, { drive: untilReady });
  try {
    const agent = await session.client.agents.parseCommand({ text: wanted });
    if (!agent.ok) throw failed(agent.message);
    const opened = await session.client.goals.open({
      ...request,
      agent: withEnvNames(agent.value, flags.list('agent-env')),
    });
    if (!opened.ok) throw failed(about(request.path, opened.error));
    const { goalId } = opened.value;
    if (!untilReady) {
      if (flags.flag('json')) io.out(`${JSON.stringify({ type: 'opened', goal_id: goalId })}\n`);
      else {
        io.out(`Goal opened: ${goalId}\n`);
        if (session.here) io.out(`Nothing runs yet. Go on with: omk goal resume ${goalId} --until-ready\n`);
      }
      return 0;
    }
    return await followOn(config, session, goalId, { json: flags.flag('json'), afterVersion: 0, io });
  } finally {
    await session.close();
  }
}
