import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createWireBackend } from '../../src/main/adapters/agents/wire/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { keepHeapSmall } from '../../src/main/host/small-heap.ts';
import { createSignalTail } from '../../src/main/runtime/signal-tail.ts';
import { AttemptId, goalIdFrom } from '../../src/shared/kernel/ids.ts';

// What a host does with its agents' words, in a process of its own so that its memory can be measured:
// `host-under-agents.ts <agents> <arguments of streaming-agent.ts>` prints one line of JSON.
const [agents = '1', ...words] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'omk-bench-agents-'));
const goalId = goalIdFrom(0, '00000000');
const backend = createWireBackend({
  spawn: spawnManaged,
  baseEnv: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  userHome: dir,
});

keepHeapSmall();
const loop = monitorEventLoopDelay({ resolution: 1 });
const room = (name: string, at: number): string => join(dir, String(at), name);

/** Of this program alone: what the system counts for a process includes the one it was forked from. */
const peakKb = (): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN);

async function drive(at: number) {
  for (const name of ['work', 'home', 'tmp']) mkdirSync(room(name, at), { recursive: true });
  const started = await backend.start({
    spec: {
      name: 'streaming',
      protocol: 'wire',
      argv: [process.execPath, process.env['OMK_BENCH_AGENT'] ?? '', ...words],
      envNames: [],
      quirks: 'generic',
    },
    workDir: room('work', at),
    home: room('home', at),
    tmpDir: room('tmp', at),
    env: {},
    resumeSessionId: null,
    mode: 'ask',
    host: { approve: async () => ({ decision: 'reject', feedback: null }), ask: async () => null },
    transcriptPath: room('transcript.jsonl', at),
    sandbox: { use: 'none', hide: [], writable: [] },
    signal: new AbortController().signal,
    timeouts: { handshakeMs: 60_000, stallMs: 60_000, cancelMs: 2_000, stopMs: 2_000 },
  });
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
}

try {
  const sessions = await Promise.all(Array.from({ length: Number(agents) }, (_, at) => drive(at)));
  const attemptId = AttemptId.parse('attempt-bench');
  let streamed = 0;
  const reading = sessions.map(async (session) => {
    const tail = createSignalTail();
    for await (const event of session.events)
      if (event.type === 'text') tail.push({ type: 'text', goalId, attemptId, delta: event.delta });
  });
  loop.enable();
  const startedAt = performance.now();
  const results = await Promise.all(sessions.map((one) => one.prompt('go', new AbortController().signal)));
  loop.disable();
  const tookMs = performance.now() - startedAt;
  for (const result of results) streamed += result.streamedBytes;
  await Promise.all(sessions.map((one) => one.stop()));
  await Promise.all(reading);
  const kept = Array.from({ length: Number(agents) }, (_, at) =>
    readdirSync(join(dir, String(at)), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0),
  );
  console.log(
    JSON.stringify({
      completed: results.filter((one) => one.outcome === 'completed').length,
      streamed,
      tookMs,
      peakMb: peakKb() / 1_024,
      keptMb: Math.max(...kept) / 1e6,
      delayP99Ms: loop.percentile(99) / 1e6,
    }),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
