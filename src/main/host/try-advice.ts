import { loginWaysOut, usesUserHome } from '../../shared/goal/user-home.ts';
import type { AgentSpec } from '../../shared/goal/vocabulary.ts';
import { loginOf } from '../adapters/agents/login/logins.ts';
import type { BackendError, TurnResult } from '../runtime/agent-backend.ts';

export type Advice = { readonly text: string; readonly fix: string };

const protocols = { wire: 'Wire', acp: 'the Agent Client Protocol' } as const;
const WRONG_NODE =
  /does not provide an export named|ERR_UNKNOWN_BUILTIN_MODULE|Unsupported Node|requires Node|Node\.js version|SyntaxError: Unexpected token/i;
const MISSING = /ENOENT|not found|no such file|not on the PATH/i;

function wordsOf(error: BackendError, key: 'stderr' | 'reason'): string {
  const words = error.detail?.[key];
  return typeof words === 'string' ? words : '';
}

/** The line that most likely says why, as the end of a sentence. */
function lastWords(stderr: string): string {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const line = lines.findLast((one) => /error|cannot|failed|unknown|usage/i.test(one)) ?? lines.at(-1);
  return line === undefined ? '.' : `: ${line.trim().slice(0, 300)}`;
}

const program = (spec: AgentSpec): string => (spec.argv[0] ?? '').slice(0, 200);
const other = (spec: AgentSpec): string => (spec.protocol === 'wire' ? protocols.acp : protocols.wire);

function signIn(spec: AgentSpec): string {
  const login = loginOf(spec);
  const run = `Run ${login?.signIn ?? `${program(spec)}, or its login command,`} in a terminal and sign in; then try again.`;
  const key = 'A key in a variable has to be let through by name.';
  if (usesUserHome(spec)) return `${run} ${key}`;
  return login === null
    ? `omk does not know where it keeps its login, so it works without one: ${loginWaysOut} ${key}`
    : `${run} If it is signed in already, its login is kept somewhere else: ${loginWaysOut} ${key}`;
}

/** Why an agent did not start, as a sentence of its own for each cause a person can do something about. */
export function startAdvice(error: BackendError, spec: AgentSpec): Advice {
  const stderr = wordsOf(error, 'stderr');
  if (WRONG_NODE.test(stderr))
    return {
      text: 'It does not run on the Node it was started with.',
      fix: 'Put the path of a newer Node before its script, such as /path/to/node /path/to/agent.mjs; Kimi Code needs 22.19.',
    };
  switch (error.code) {
    case 'spawn_failed':
      return MISSING.test(`${error.message} ${wordsOf(error, 'reason')}`)
        ? {
            text: `There is no program “${program(spec)}” on your PATH.`,
            fix: 'Install it, or give its full path.',
          }
        : { text: error.message, fix: 'Check that the program may be run and that its path is right.' };
    case 'handshake_timeout':
      return {
        text: `It started and did not answer. ${error.message}`,
        fix: `Start it in a terminal to see what it waits for. If it speaks ${other(spec)}, choose that.`,
      };
    case 'auth_required':
      return { text: 'It is not signed in.', fix: signIn(spec) };
    case 'model_not_configured':
      return { text: error.message, fix: 'Choose a model in its own configuration.' };
    case 'process_exit':
      return {
        text: `It ended at once${lastWords(stderr)}`,
        fix: `Run the same command in a terminal. ${spec.protocol === 'acp' ? 'Many agents need a word such as acp or --acp to speak it.' : 'Kimi speaks it with --wire.'}`,
      };
    case 'protocol_error':
      return {
        text: `It does not speak ${protocols[spec.protocol]}. ${error.message}`,
        fix: `If it speaks ${other(spec)}, choose that; otherwise check its arguments.`,
      };
    case 'cancelled':
    case 'rate_limited':
    case 'quota_exhausted':
    case 'provider_error':
    case 'connection_error':
    case 'context_overflow':
    case 'max_steps':
    case 'filtered':
    case 'busy':
    case 'stalled':
    case 'flooded':
      return { text: error.message, fix: 'Try again in a while.' };
  }
}

/** Why the one turn of a trial failed. */
export function turnAdvice(
  turn: TurnResult,
  spec: AgentSpec,
  o: { readonly limitMs: number; readonly spoke: string },
): Advice {
  // It took the first message for something else and answered in its own way.
  if (o.spoke === 'wire unknown')
    return {
      text: `It does not speak ${protocols.wire}.`,
      fix: `If it speaks ${protocols.acp}, choose that; otherwise check its arguments.`,
    };
  if (turn.error?.code === 'auth_required') return { text: 'It is not signed in.', fix: signIn(spec) };
  if (turn.error?.code === 'process_exit')
    return {
      text: `It ended in the middle of its turn${lastWords(wordsOf(turn.error, 'stderr'))}`,
      fix: 'Try it in a terminal, then here again.',
    };
  if (turn.error !== null) return startAdvice(turn.error, spec);
  switch (turn.outcome) {
    case 'cancelled':
      return {
        text: `It did not finish within ${Math.round(o.limitMs / 1_000)} s and was stopped.`,
        fix: 'Its model may be slow or not reachable; try it in a terminal.',
      };
    case 'failed':
      return {
        text: 'It ended its turn without having done anything.',
        fix: 'Its model call probably failed; look at its own log, its key and its model.',
      };
    case 'completed':
    case 'refused':
    case 'max_steps':
    case 'crashed':
    case 'stalled':
      return {
        text: `Its turn ended as ${turn.outcome.replace('_', ' ')}.`,
        fix: 'Try it in a terminal, then here again.',
      };
  }
}
