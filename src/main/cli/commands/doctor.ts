import { inertLine } from '../../../shared/safe-text.ts';
import type { Config } from '../../host/config.ts';
import { isHealthy } from '../../host/doctor.ts';
import { parseFlags } from '../args.ts';
import { openSession } from '../client.ts';
import type { Io } from '../io.ts';
import { document } from '../output.ts';

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** What this machine can do for omk, each lack with its fix below it. 1 when omk cannot work here. */
export async function doctor(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = parseFlags(args, { json: { type: 'boolean' } }, { positionals: 0 });
  const session = await openSession(config, { drive: false });
  try {
    const { checks } = await session.client.app.doctor({});
    const info = await session.client.app.info({});
    const code = isHealthy(checks) ? 0 : 1;
    if (flags.flag('json')) {
      document(io, {
        ...info,
        healthy: code === 0,
        checks,
        agents: await session.client.agents.list({ refresh: false }),
      });
      return code;
    }
    io.out(`omk ${info.version}, ${info.platform}\n`);
    for (const { state, title, found, fix, command } of checks) {
      io.out(`${marks[state]}  ${inertLine(title).padEnd(18)} ${inertLine(found)}\n`);
      if (fix !== null) io.out(`${' '.repeat(28)}${inertLine(fix)}\n`);
      if (command !== null) io.out(`${' '.repeat(28)}$ ${inertLine(command)}\n`);
    }
    return code;
  } finally {
    await session.close();
  }
}
