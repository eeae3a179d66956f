import { methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import type { AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { AcpClient, Reply } from './client.ts';
import { errorFromRpc } from './errors.ts';
import { fields, list, text } from './foreign.ts';
import type { Quirks } from './quirks.ts';

export type OpenedSession = {
  readonly sessionId: string;
  readonly agent: { readonly name: string; readonly version: string; readonly protocol: string };
  readonly resumed: boolean;
  /** Ids of its modes. */
  readonly modes: readonly string[];
  /** The agent can load a session again after a restart. */
  readonly replay: boolean;
  /** Remarks for the person: what could not be done as asked. */
  readonly notices: readonly string[];
};

const capabilities = (quirks: Quirks) => ({
  fs: { readTextFile: quirks.hostFs, writeTextFile: quirks.hostFs },
  terminal: quirks.hostExec,
  elicitation: { form: {} },
});

/**
 * Shakes hands: initialize, then a new session or the earlier one, then the mode, always, because after a resume an agent may
 * be in another mode than it says (agents.md §1, 7).
 */
export async function openSession(o: {
  readonly client: AcpClient;
  readonly quirks: Quirks;
  readonly workDir: string;
  readonly resumeSessionId: string | null;
  readonly mode: AgentStart['mode'];
  readonly version: string;
  /** omk's own tools; told again when a session is resumed, which forgets them. */
  readonly mcpServers: readonly object[];
}): Promise<Result<OpenedSession, BackendError>> {
  const hello = await o.client.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: capabilities(o.quirks),
    clientInfo: { name: 'omk', version: o.version },
  });
  if (hello.type !== 'result') return err(handshakeError(hello, 'initialize'));
  const answer = fields(hello.result);
  if (answer['protocolVersion'] !== PROTOCOL_VERSION) {
    return err({
      code: 'protocol_error',
      message: `The agent does not speak version ${PROTOCOL_VERSION} of the Agent Client Protocol.`,
      retryable: false,
      detail: { offered: answer['protocolVersion'] },
    });
  }
  const offered = fields(answer['agentCapabilities']);
  const opened = await createOrResume(o, offered);
  if (!opened.ok) return opened;
  const { sessionId } = opened.value;
  const modes = list(fields(fields(opened.value.answer)['modes'])['availableModes']).flatMap(
    (mode) => text(fields(mode)['id']) ?? [],
  );
  const mode = await setMode({ ...o, sessionId, modes });
  if (!mode.ok) return mode;
  const info = fields(answer['agentInfo']);
  return ok({
    sessionId,
    modes,
    agent: {
      name: (text(info['title']) ?? text(info['name']) ?? 'agent').slice(0, 100),
      version: (text(info['version']) ?? '').slice(0, 100),
      protocol: `acp ${PROTOCOL_VERSION}`,
    },
    resumed: opened.value.resumed,
    replay: canResume(offered) !== null,
    notices: [...opened.value.notices, ...mode.value],
  });
}

/** `resume` replays nothing and is preferred; `load` sends the whole history again. */
function canResume(offered: Readonly<Record<string, unknown>>): string | null {
  const session = fields(offered['sessionCapabilities']);
  if (session['resume'] !== undefined && session['resume'] !== null) return methods.agent.session.resume;
  return offered['loadSession'] === true ? methods.agent.session.load : null;
}

type Opened = {
  readonly sessionId: string;
  readonly answer: unknown;
  readonly resumed: boolean;
  readonly notices: readonly string[];
};

async function createOrResume(
  o: Parameters<typeof openSession>[0],
  offered: Readonly<Record<string, unknown>>,
): Promise<Result<Opened, BackendError>> {
  const place = { cwd: o.workDir, mcpServers: o.mcpServers };
  const notices: string[] = [];
  const method = canResume(offered);
  if (o.resumeSessionId !== null && method !== null) {
    const again = await o.client.request(method, { ...place, sessionId: o.resumeSessionId });
    if (again.type === 'result')
      return ok({ sessionId: o.resumeSessionId, answer: again.result, resumed: true, notices });
    if (again.type === 'closed' || again.code === -32000) return err(handshakeError(again, method));
    notices.push('The agent no longer knows its earlier session; it starts a new one.');
  } else if (o.resumeSessionId !== null) {
    notices.push('This agent cannot resume a session; it starts a new one.');
  }
  const fresh = await o.client.request(methods.agent.session.new, place);
  if (fresh.type !== 'result') return err(handshakeError(fresh, methods.agent.session.new));
  const sessionId = text(fields(fresh.result)['sessionId']);
  if (sessionId === null || sessionId === '') {
    return err({
      code: 'protocol_error',
      message: 'The agent opened a session without an id.',
      retryable: false,
    });
  }
  return ok({ sessionId, answer: fresh.result, resumed: false, notices });
}

/** The id of an agent's mode that means ours; `null`: it has none. */
export const modeFor = (quirks: Quirks, mode: AgentStart['mode'], modes: readonly string[]): string | null =>
  quirks.modes[mode].find((id) => modes.includes(id)) ??
  (quirks.modeRequired ? quirks.modes[mode][0] : null) ??
  null;

/** Remarks, or the reason not to go on: a required mode that could not be set. */
export async function setMode(o: {
  readonly client: AcpClient;
  readonly quirks: Quirks;
  readonly sessionId: string;
  readonly mode: AgentStart['mode'];
  readonly modes: readonly string[];
}): Promise<Result<readonly string[], BackendError>> {
  const { sessionId, modes } = o;
  const modeId = modeFor(o.quirks, o.mode, modes);
  if (modeId === null) {
    return ok(modes.length === 0 ? [] : [`The agent has no mode like "${o.mode}"; it stays in its own.`]);
  }
  const reply = await o.client.request(methods.agent.session.setMode, { sessionId, modeId });
  if (reply.type === 'result') return ok([]);
  if (reply.type === 'closed') return err(handshakeError(reply, methods.agent.session.setMode));
  if (!o.quirks.modeRequired) return ok([`The agent refused its mode "${modeId}".`]);
  return err({
    code: 'protocol_error',
    message: `The agent refused its mode "${modeId}", so what it may do unasked is not known.`,
    retryable: false,
    detail: { rpcCode: reply.code, agentMessage: reply.message.slice(0, 500) },
  });
}

function handshakeError(reply: Exclude<Reply, { type: 'result' }>, step: string): BackendError {
  if (reply.type === 'closed') {
    return {
      code: 'protocol_error',
      message: 'The connection to the agent ended during the handshake.',
      retryable: true,
      detail: { step, reason: reply.reason },
    };
  }
  const error = errorFromRpc(reply);
  // Before the first prompt no model was asked: an error that is not about signing in is about the protocol.
  if (error.code !== 'provider_error') return { ...error, detail: { ...error.detail, step } };
  return {
    code: 'protocol_error',
    message: `The agent refused the handshake (${step}).`,
    retryable: false,
    detail: { step, rpcCode: reply.code, agentMessage: reply.message.slice(0, 500) },
  };
}
