import { abilityLines } from '../../../shared/agent-abilities.ts';
import { entryProblems, firstProblem, placesOf } from '../../../shared/agent-entry.ts';
import type { AgentEntry } from '../../../shared/agent-entry.ts';
import type { DetectedAgent, TryItem } from '../../../shared/api/agents.ts';
import { usesUserHome } from '../../../shared/goal/user-home.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { duration } from '../../../shared/units.ts';
import type { Config } from '../../host/config.ts';
import { parseFlags } from '../args.ts';
import type { Parsed } from '../args.ts';
import { newCommandId, openSession } from '../client.ts';
import type { Session } from '../client.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { onInterrupt } from '../interrupts.ts';
import { document, line } from '../output.ts';

export const agentActs = ['list', 'try', 'add', 'remove'];

/** `omk agents`: which there are, trying one out, and adding or removing one of the person's own. */
export async function agentsCommand(args: readonly string[], config: Config, io: Io): Promise<number> {
  const named = args[0]?.startsWith('-') === false;
  const act = named ? (args[0] ?? 'list') : 'list';
  const rest = named ? args.slice(1) : args;
  const flags = parseFlags(
    rest,
    {
      json: { type: 'boolean' },
      env: { type: 'string', multiple: true },
      'login-file': { type: 'string', multiple: true },
      home: { type: 'string' },
      force: { type: 'boolean' },
    },
    { positionals: act === 'add' ? 2 : act === 'list' ? 0 : 1 },
  );
  const json = flags.flag('json');
  const given = { env: flags.list('env'), ...placesIn(flags, config.home) };
  const [first, second] = flags.positionals;
  const session = await openSession(config, { drive: false });
  try {
    switch (act) {
      case 'list':
        return await list(session, io, json);
      case 'try': {
        if (first === undefined)
          throw misused('Say which: omk agents try NAME, or a command such as "acp:kimi acp".');
        return await tryOut(session, await entryFor(session, first, given), io, json);
      }
      case 'add': {
        if (first === undefined || second === undefined)
          throw misused('Say it like this: omk agents add NAME "acp:CMD" or "wire:CMD".');
        return await add(session, { ...commandOf(second), ...given, env: [...given.env], name: first }, io, {
          json,
          force: flags.flag('force'),
        });
      }
      case 'remove': {
        if (first === undefined) throw misused('Say which: omk agents remove NAME.');
        const removed = await session.client.agents.remove({ commandId: newCommandId(), name: first });
        if (!removed.ok) throw failed(removed.error.message);
        if (json) document(io, { removed: first, file: removed.value.file });
        else io.out(`Removed ${inertLine(first)} from ${inertLine(removed.value.file)}.\n`);
        return 0;
      }
      default:
        throw misused(`There is no command "omk agents ${act.slice(0, 60)}". Use ${agentActs.join(', ')}.`);
    }
  } finally {
    await session.close();
  }
}

async function list({ client }: Session, io: Io, json: boolean): Promise<number> {
  const agents = await client.agents.list({ refresh: true });
  if (json) {
    document(io, agents);
    return 0;
  }
  for (const agent of agents) {
    io.out(
      `${inertLine(agent.name).padEnd(16)} ${inertLine(agent.title)}${agent.version === null ? '' : ` ${inertLine(agent.version)}`}, ${agent.protocol}, ${agent.login.replace('_', ' ')}\n`,
    );
    if (agent.problem !== null) io.out(`  ${inertLine(agent.problem)}\n`);
    if (agent.spec !== null) io.out(`  $ ${inertLine(agent.spec.argv.join(' '))}\n`);
    if (agent.spec !== null && usesUserHome(agent.spec)) io.out('  ! Uses your home folder.\n');
    else if (agent.login === 'signed_in') io.out('  ! Commands it runs can read its sign-in.\n');
    for (const { can, text } of agent.abilities === null ? [] : abilityLines(agent.abilities))
      io.out(`  ${can === null ? '?' : can ? '+' : '-'} ${text}\n`);
  }
  return 0;
}

/** `--login-file` and `--home`. A shell makes a whole path of `~/…`. */
function placesIn(flags: Parsed, userHome: string): ReturnType<typeof placesOf> {
  const home = flags.text('home');
  if (home !== null && home !== 'user' && home !== 'private') throw misused('--home is user or private.');
  const within = [`${userHome}/`, '~/'];
  const loginFiles = flags
    .list('login-file')
    .map((file) => file.slice(within.find((one) => file.startsWith(one))?.length ?? 0));
  return placesOf({ loginFiles, home: home === 'user' ? home : undefined });
}

/** `wire:CMD` or `acp:CMD`. */
function commandOf(text: string): Pick<AgentEntry, 'protocol' | 'command'> {
  const command = /^(wire|acp):(.*)$/s.exec(text.trim());
  if (command === null) throw misused('A command is "wire:CMD" or "acp:CMD".');
  return { protocol: command[1] === 'wire' ? 'wire' : 'acp', command: command[2] ?? '' };
}

async function entryFor(
  { client }: Session,
  text: string,
  given: Pick<AgentEntry, 'loginFiles' | 'home'> & { readonly env: readonly string[] },
): Promise<AgentEntry> {
  if (/^(?:wire|acp):/.test(text.trim()))
    return { ...commandOf(text), ...given, name: '', env: [...given.env] };
  const agents = await client.agents.list({ refresh: false });
  const found = agents.find((one) => one.name === text);
  if (found === undefined)
    throw failed(
      `There is no agent "${text.slice(0, 60)}". There are ${agents.map(({ name }) => name).join(', ')}.`,
    );
  if (found.spec === null) throw failed(found.problem ?? `${found.title} cannot be used now.`);
  return {
    name: '',
    protocol: found.protocol,
    command: quoted(found),
    env: [...found.spec.envNames, ...given.env],
    ...placesOf(found.spec),
    ...placesOf(given),
  };
}

const quoted = ({ spec }: DetectedAgent): string =>
  (spec?.argv ?? [])
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');

async function tryOut({ client }: Session, entry: AgentEntry, io: Io, json: boolean): Promise<number> {
  const ending = new AbortController();
  const forget = onInterrupt(() => ending.abort());
  let worked = false;
  try {
    for await (const item of client.agents.tryOut(entry, { signal: ending.signal })) {
      if (item.type === 'ended') worked = item.ok;
      if (json) line(io, item);
      else io.out(spoken(item));
    }
  } catch (cause) {
    if (!ending.signal.aborted) throw cause;
    io.err('Stopped.\n');
  } finally {
    forget();
  }
  return worked ? 0 : 1;
}

function spoken(item: TryItem): string {
  switch (item.type) {
    case 'stage': {
      const took = item.ms === null ? '' : ` (${duration(item.ms)})`;
      const fix = item.fix === null ? '' : `${' '.repeat(13)}${inertLine(item.fix)}\n`;
      const mark = { running: '…', ok: '✓', warning: '!', failed: '✕' }[item.state];
      return `${mark} ${item.stage.padEnd(11)}${inertLine(item.text)}${took}\n${fix}`;
    }
    case 'agent':
      return [
        `  ${inertLine(item.name)} ${inertLine(item.version)}, ${inertLine(item.protocol)}, ${item.isolated === 'namespaces' ? 'in namespaces' : 'not confined by the system'}`,
        ...abilityLines(item.abilities).map(({ can, text }) => `  ${can === true ? '+' : '-'} ${text}`),
        '',
      ].join('\n');
    case 'ended':
      return item.ok
        ? `It works (${duration(item.ms)}).\n`
        : `It cannot be used like this (${duration(item.ms)}).\n`;
  }
}

async function add(
  session: Session,
  entry: AgentEntry,
  io: Io,
  o: { readonly json: boolean; readonly force: boolean },
): Promise<number> {
  const problem = firstProblem(entryProblems(entry, []));
  if (problem !== null) throw failed(problem);
  if (!o.force && !o.json && (await tryOut(session, entry, io, false)) !== 0)
    throw failed('Not added. --force adds it untried.');
  const saved = await session.client.agents.save({ commandId: newCommandId(), entry });
  if (!saved.ok) throw failed(saved.error.message);
  if (o.json) document(io, { added: entry.name, file: saved.value.file });
  else
    io.out(
      `Added ${inertLine(entry.name)} to ${inertLine(saved.value.file)}. Use it: omk goal run "<text>" --agent ${inertLine(entry.name)}\n`,
    );
  return 0;
}
