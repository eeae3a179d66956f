import { expect, test } from 'vitest';
import type { AgentBackend, AgentStart, BackendError } from '../agent-backend.ts';
import { startAgain } from './start-again.ts';

const start = (resumeSessionId: string | null, signal = new AbortController().signal): AgentStart => ({
  spec: { name: 'x', protocol: 'acp', argv: ['x'], envNames: [], quirks: 'generic' },
  workDir: '/w',
  home: '/h',
  tmpDir: '/t',
  env: {},
  resumeSessionId,
  mode: 'ask',
  host: { approve: async () => ({ decision: 'reject', feedback: null }), ask: async () => null },
  transcriptPath: '/x',
  sandbox: { use: 'none', hide: [], writable: [] },
  signal,
  timeouts: { handshakeMs: 1, stallMs: 1, cancelMs: 1, stopMs: 1 },
});

/** Fails every start with this code, and keeps what it was asked for. */
function failing(code: BackendError['code']) {
  const asked: (string | null)[] = [];
  const notices: string[] = [];
  const backend: AgentBackend = {
    kind: 'acp',
    async start({ resumeSessionId }) {
      asked.push(resumeSessionId);
      return { ok: false, error: { code, message: 'It did not answer.', retryable: true } };
    },
  };
  const begin = (id: string | null, signal?: AbortSignal) =>
    startAgain(backend, start(id, signal), (text) => notices.push(text));
  return { asked, notices, begin };
}

test('an agent that hangs over its earlier session is started once more without it, and it is said', async () => {
  const { asked, notices, begin } = failing('handshake_timeout');
  expect((await begin('session_1')).ok).toBe(false);
  expect(asked).toEqual(['session_1', null]);
  expect(notices).toHaveLength(1);
});

test('one that had none, or needs a person, is started once', async () => {
  for (const [code, id] of [
    ['handshake_timeout', null],
    ['auth_required', 'session_1'],
  ] as const) {
    const { asked, notices, begin } = failing(code);
    await begin(id);
    expect(asked).toEqual([id]);
    expect(notices).toEqual([]);
  }
});

test('one that nobody wants any more is not started once more, however its first start ended', async () => {
  const { asked, notices, begin } = failing('process_exit');
  await begin('session_1', AbortSignal.abort());
  expect(asked).toEqual(['session_1']);
  expect(notices).toEqual([]);
});
