import type { Config } from '../../host/config.ts';
import { parseFlags } from '../args.ts';
import { openSession } from '../client.ts';
import type { Io } from '../io.ts';
import { document } from '../output.ts';
import { inertLine } from '../../../shared/safe-text.ts';

/** What this machine can do for omk, each lack with its fix beside it. */
export async function doctor(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = parseFlags(args, { json: { type: 'boolean' } }, { positionals: 0 });
  const session = await openSession(config, { drive: false });
  try {
    const info = await session.client.app.info({});
    const agents = await session.client.agents.list({ refresh: true });
    if (flags.flag('json')) {
      document(io, { ...info, agents });
      return info.git === null ? 1 : 0;
    }
    io.out(`omk        ${info.version}, Node ${info.node}, ${info.platform}\n`);
    io.out(`State      ${inertLine(info.stateDir)}\n`);
    io.out(`git        ${info.git ?? 'not found. Install git; omk cannot work without it.'}\n`);
    io.out(`Isolation  ${info.isolation.level}: ${inertLine(info.isolation.note)}\n`);
    io.out('Agents\n');
    for (const agent of agents) {
      const state = agent.problem ?? (agent.login === 'signed_out' ? 'found, not signed in' : 'usable');
      io.out(`  ${agent.name.padEnd(16)} ${agent.version ?? '–'}  ${agent.protocol}  ${inertLine(state)}\n`);
    }
    return info.git === null ? 1 : 0;
  } finally {
    await session.close();
  }
}
