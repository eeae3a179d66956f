import type { AgentSession, AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { ExitInfo, ManagedProcess } from '../../process/types.ts';
import { startLimit } from '../start-limit.ts';
import type { Reply, WireClient } from './client.ts';
import type { Conversation } from './conversation.ts';
import { errorFromClose, errorFromRpc } from './errors.ts';
import { Initialized, Replayed } from './schema.ts';

export type Greeted = {
  readonly agent: AgentSession['agent'];
  /** The conversation that was asked for is there. */
  readonly resumed: boolean;
  readonly planMode: boolean;
  readonly notices: readonly string[];
};

const PROTOCOL = '1.10';
/** Output that was written before the process ended is read for that long. */
const DRAIN_MS = 1_000;

/**
 * Shakes hands, asks whether an earlier conversation is there (the server makes a new one under an unknown id without a word), and
 * sets plan mode. All of it within the one limit.
 */
export async function shakeHands(h: {
  readonly client: WireClient;
  readonly conversation: Pick<Conversation, 'hush'>;
  readonly child: ManagedProcess;
  readonly start: AgentStart;
  readonly version: string;
  /** The agent was started with the id of an earlier conversation. */
  readonly resuming: boolean;
  readonly lastWords: () => string;
}): Promise<Result<Greeted, BackendError>> {
  const { client, child, start } = h;
  const limit = startLimit(start);
  const ask = async (
    method: string,
    params?: Readonly<Record<string, unknown>>,
  ): Promise<Result<Exclude<Reply, { type: 'closed' }>, BackendError>> => {
    const reply = await Promise.race([client.request(method, params), child.exited, limit.over]);
    if ('ok' in reply) return reply;
    if (!('type' in reply)) {
      await drained(child);
      return err(exitError(reply, h.lastWords()));
    }
    if (reply.type === 'closed')
      return err(errorFromClose(reply.reason) ?? exitError(await child.exited, h.lastWords()));
    return ok(reply);
  };
  try {
    const agent = await greet(ask, start, h.version);
    if (!agent.ok) return agent;
    const notices: string[] = [];
    const resumed = h.resuming ? await isThere(ask, h.conversation) : ok(false);
    if (!resumed.ok) return resumed;
    if (start.resumeSessionId !== null && !resumed.value)
      notices.push(
        h.resuming
          ? 'The agent no longer knows its earlier session; it starts a new one.'
          : 'This agent cannot resume a session; it starts a new one.',
      );
    const planMode = await ask('set_plan_mode', { enabled: start.mode === 'plan' });
    if (!planMode.ok) return planMode;
    const hasPlanMode = planMode.value.type === 'result';
    if (start.mode === 'plan' && !hasPlanMode)
      notices.push('The agent has no mode in which it only plans; it stays in its own.');
    return ok({ agent: agent.value, resumed: resumed.value, planMode: hasPlanMode, notices });
  } finally {
    limit.release();
  }
}

type Ask = (
  method: string,
  params?: Readonly<Record<string, unknown>>,
) => Promise<Result<Exclude<Reply, { type: 'closed' }>, BackendError>>;

async function greet(
  ask: Ask,
  start: AgentStart,
  version: string,
): Promise<Result<AgentSession['agent'], BackendError>> {
  const answered = await ask('initialize', {
    protocol_version: PROTOCOL,
    client: { name: 'omk', version },
    capabilities: { supports_question: true, supports_plan_mode: true },
    ...(start.host.tools !== undefined && { external_tools: start.host.tools.list }),
  });
  if (!answered.ok) return answered;
  const reply = answered.value;
  if (reply.type === 'error') {
    // The handshake is optional in Wire: a server without it takes prompts all the same.
    if (reply.code === -32601) return ok({ name: start.spec.name, version: 'unknown', protocol: 'wire' });
    return err({ ...errorFromRpc(reply.code, reply.message), code: 'protocol_error', retryable: false });
  }
  const said = Initialized.safeParse(reply.result).data;
  return ok({
    name: said?.server?.name ?? start.spec.name,
    version: said?.server?.version ?? 'unknown',
    protocol: `wire ${said?.protocol_version ?? 'unknown'}`,
  });
}

async function isThere(
  ask: Ask,
  conversation: Pick<Conversation, 'hush'>,
): Promise<Result<boolean, BackendError>> {
  conversation.hush(true);
  try {
    const replayed = await ask('replay');
    if (!replayed.ok) return replayed;
    const { value } = replayed;
    return ok(value.type === 'result' && (Replayed.safeParse(value.result).data?.events ?? 0) > 0);
  } finally {
    conversation.hush(false);
  }
}

export function exitError(exit: ExitInfo, words: string): BackendError {
  if (exit.spawnError !== null)
    return {
      code: 'spawn_failed',
      message: `${exit.spawnError.message.replace(/\.$/, '')}; check the agent's command.`,
      retryable: false,
      detail: { reason: exit.spawnError.code, ...(words === '' ? {} : { stderr: words }) },
    };
  const how = exit.signal === null ? `code ${exit.code ?? 'unknown'}` : exit.signal;
  return {
    code: 'process_exit',
    message: `The agent's process ended (${how})${words === '' ? '' : `; its last words: ${words.split('\n').at(-1)?.slice(0, 300) ?? ''}`}.`,
    retryable: true,
    detail: { exitCode: exit.code, signal: exit.signal, stderr: words },
  };
}

/** Everything the process wrote has been read; a daemon that holds the pipe is not waited for. */
export async function drained(child: ManagedProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  const ends = [child.stdout, child.stderr].map((stream) =>
    stream.closed ? Promise.resolve() : new Promise<void>((resolve) => stream.once('close', resolve)),
  );
  await Promise.race([Promise.all(ends), late]);
  clearTimeout(timer);
}
