import { expect, it } from 'vitest';
import { quirksFor } from './quirks.ts';
import { judgeTurn } from './turn.ts';
import type { PromptReply, TurnFacts } from './turn.ts';

const kimi = quirksFor({ name: 'k', protocol: 'acp', argv: ['k'], envNames: [], quirks: 'kimi-code' });
const other = quirksFor({ name: 'o', protocol: 'acp', argv: ['o'], envNames: [], quirks: 'generic' });

const facts: TurnFacts = {
  now: 10_000,
  reply: null,
  lost: null,
  cancelledAt: null,
  stalledAt: null,
  cancelMs: 1_000,
  updatedAt: null,
  worked: true,
  sidecar: null,
};
const stopped = (stopReason: string, at: number): PromptReply => ({ type: 'stopped', stopReason, at });
const file: NonNullable<TurnFacts['sidecar']> = {
  found: true,
  turn: null,
  worked: false,
  ownTurn: { running: false, endedAt: null },
};
const judge = (f: Partial<TurnFacts>, quirks = kimi): string => {
  const verdict = judgeTurn({ ...facts, ...f }, quirks);
  if (verdict === null) return 'wait';
  return [
    verdict.outcome,
    verdict.confirmed ? 'confirmed' : 'unconfirmed',
    verdict.error?.code ?? '-',
    ...(verdict.abandon ? ['abandon'] : []),
  ].join(' ');
};

it.each<[string, string, Partial<TurnFacts>]>([
  ['waits for an answer', 'wait', {}],
  ['gives up an agent that ignores a cancel', 'cancelled unconfirmed - abandon', { cancelledAt: 9_000 }],
  ['waits for a cancel to be answered', 'wait', { cancelledAt: 9_500 }],
  [
    'gives up an agent that is silent and ignores a cancel',
    'stalled unconfirmed stalled abandon',
    { stalledAt: 9_000 },
  ],
  [
    'ends a silent turn that was let go',
    'stalled confirmed stalled',
    { stalledAt: 9_900, reply: stopped('cancelled', 9_950) },
  ],
])('without an answer it %s', (_, expected, f) => {
  expect(judge(f)).toBe(expected);
});

it.each<[string, string, Partial<TurnFacts>]>([
  ['end_turn with work', 'completed unconfirmed -', { reply: stopped('end_turn', 9_990) }],
  [
    'end_turn without work',
    'failed unconfirmed provider_error',
    { reply: stopped('end_turn', 9_990), worked: false },
  ],
  ['an unknown reason', 'completed unconfirmed -', { reply: stopped('bored', 9_990) }],
  ['refusal', 'refused confirmed filtered', { reply: stopped('refusal', 9_990) }],
  ['max_tokens', 'max_steps confirmed max_steps', { reply: stopped('max_tokens', 9_990) }],
  ['max_turn_requests', 'max_steps confirmed max_steps', { reply: stopped('max_turn_requests', 9_990) }],
  ['cancelled', 'cancelled confirmed -', { reply: stopped('cancelled', 9_900) }],
  ['cancelled, with updates still coming', 'wait', { reply: stopped('cancelled', 9_900), updatedAt: 9_970 }],
  [
    'a JSON-RPC error',
    'failed confirmed auth_required',
    {
      reply: {
        type: 'refused',
        code: -32603,
        message: 'Internal error',
        data: { details: '401 fake' },
        at: 1,
      },
    },
  ],
])('of an agent without a session file, %s is', (_, expected, f) => {
  expect(judge(f, other)).toBe(expected);
});

const end = (reason: 'completed' | 'cancelled' | 'failed' | 'blocked', code = '', message = '') => ({
  ...file,
  turn: {
    ended: { reason, error: reason === 'failed' ? { code, message, name: '', retryable: null } : null },
  },
});
const said = stopped('end_turn', 9_990);
it.each<[string, string, Partial<TurnFacts>]>([
  ['completed', 'completed confirmed -', { reply: said, sidecar: end('completed') }],
  [
    'completed without work',
    'failed confirmed provider_error',
    { reply: said, sidecar: end('completed'), worked: false },
  ],
  [
    'failed by rate',
    'failed confirmed rate_limited',
    { reply: said, sidecar: end('failed', 'provider.rate_limit') },
  ],
  [
    'failed by filter',
    'refused confirmed filtered',
    { reply: said, sidecar: end('failed', 'provider.filtered') },
  ],
  [
    'failed by steps',
    'max_steps confirmed max_steps',
    { reply: said, sidecar: end('failed', 'loop.max_steps_exceeded') },
  ],
  [
    'failed by context',
    'failed confirmed context_overflow',
    { reply: said, sidecar: end('failed', 'context.overflow') },
  ],
  [
    'failed by quota',
    'failed confirmed quota_exhausted',
    { reply: said, sidecar: end('failed', 'provider.api_error', 'quota exceeded') },
  ],
  [
    'failed in a new way',
    'failed confirmed provider_error',
    { reply: said, sidecar: end('failed', 'moon.eclipse') },
  ],
  ['blocked', 'refused confirmed filtered', { reply: said, sidecar: end('blocked') }],
])('a session file that says %s is believed over the answer', (_, expected, f) => {
  expect(judge(f)).toBe(expected);
});

it.each<[string, string, Partial<TurnFacts>]>([
  ['nothing yet', 'wait', { reply: said, sidecar: file }],
  [
    'nothing after 300 ms, and no work',
    'failed unconfirmed provider_error',
    { reply: stopped('end_turn', 9_700), sidecar: file, worked: false },
  ],
  ['nothing after 300 ms, but work', 'wait', { reply: stopped('end_turn', 9_700), sidecar: file }],
  [
    'nothing after 3 s, but work',
    'completed unconfirmed -',
    { reply: stopped('end_turn', 7_000), sidecar: file },
  ],
  [
    "the agent's own turn",
    'wait',
    { reply: stopped('end_turn', 1), sidecar: { ...file, ownTurn: { running: true, endedAt: null } } },
  ],
  [
    'our turn running after its own',
    'wait',
    {
      reply: stopped('end_turn', 1),
      sidecar: { ...file, turn: { ended: null }, ownTurn: { running: false, endedAt: 5 } },
    },
  ],
  [
    'nothing 2 s after its own turn',
    'failed unconfirmed provider_error',
    {
      reply: stopped('end_turn', 1),
      worked: false,
      sidecar: { ...file, ownTurn: { running: false, endedAt: 8_000 } },
    },
  ],
])('where the session file shows %s, the answer is not enough', (_, expected, f) => {
  expect(judge(f)).toBe(expected);
});

it('a lost process is a crash, unless the turn had ended before or was being cancelled', () => {
  const lost = { code: 'process_exit', message: 'x', retryable: true } as const;
  expect(judge({ lost })).toBe('crashed confirmed process_exit');
  expect(judge({ lost: { ...lost, code: 'flooded' } })).toBe('failed confirmed flooded');
  expect(judge({ lost, cancelledAt: 9_999 })).toBe('cancelled confirmed process_exit');
  expect(judge({ lost, reply: said, sidecar: end('completed') })).toBe('completed confirmed -');
});
