import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, it } from 'vitest';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { readProcessTable, workingFolder } from '../../src/main/adapters/process/proc-table.ts';
import type {
  AgentBackend,
  AgentEvent,
  AgentHost,
  AgentSession,
  AgentStart,
  TurnResult,
} from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import type { Scenario } from './scenarios.ts';

/** What the suite needs to know of one protocol. */
export type AgentFeatureSetup = {
  readonly name: string;
  /**
   * @param userHome the person's home, an empty folder here
   * @param hostDeadlineMs after which an unanswered question or approval is dismissed or refused
   */
  readonly makeBackend: (o: {
    readonly userHome: string;
    readonly baseEnv: Readonly<Record<string, string>>;
    readonly hostDeadlineMs: number;
  }) => AgentBackend;
  /** How to start the fake that plays a scenario (scenarios.ts); or why the protocol cannot show it. */
  readonly fakeFor: (scenario: Scenario) => AgentSpec | { readonly cannot: string };
};

type Extra = Partial<Omit<AgentStart, 'timeouts' | 'sandbox'>> & {
  readonly timeouts?: Partial<AgentStart['timeouts']>;
  readonly use?: 'namespaces' | 'none';
  readonly readOnly?: readonly string[];
  readonly hostDeadlineMs?: number;
};

export type AgentRig = {
  readonly name: string;
  readonly makeBackend: AgentFeatureSetup['makeBackend'];
  /** Temporary folder of the running test, with `work`, `home`, `tmp` and `user` in it. */
  readonly dir: string;
  readonly cannot: (scenario: Scenario) => boolean;
  readonly specFor: (scenario: Scenario) => AgentSpec;
  /** A case, or its visible absence where the protocol cannot show the scenario. */
  readonly feature: (title: string, scenario: Scenario, body: () => Promise<void>) => void;
  readonly start: (scenario: Scenario, extra?: Extra) => ReturnType<AgentBackend['start']>;
  readonly open: (scenario: Scenario, extra?: Extra) => Promise<OpenSession>;
  /** One whole life: start, one prompt, stop, all events. */
  readonly turn: (
    scenario: Scenario,
    extra?: Extra,
  ) => Promise<{
    readonly session: AgentSession;
    readonly events: readonly AgentEvent[];
    readonly result: TurnResult;
    readonly stopped: Awaited<ReturnType<AgentSession['stop']>>;
  }>;
  /** Command lines of living processes that stand in this test's folder. */
  readonly ours: () => readonly string[];
  /** Seconds that nobody else sleeps for. */
  readonly sleep: () => string;
};

export type OpenSession = {
  readonly session: AgentSession;
  readonly events: readonly AgentEvent[];
  readonly reading: Promise<void>;
  /** Settles once the condition holds for the events so far. */
  readonly until: (met: () => boolean) => Promise<void>;
};

export const timeouts: AgentStart['timeouts'] = {
  handshakeMs: 20_000,
  stallMs: 20_000,
  cancelMs: 3_000,
  stopMs: 1_000,
};

/** omk's MCP server from its source. */
export const toolServerProgram = {
  argv: [process.execPath, join(import.meta.dirname, '../../src/main/adapters/agents/tool-server.ts')],
  env: {},
} as const;

const isolation = await isolationAvailable();
export const namespaces = isolation.use === 'namespaces';
if (!namespaces) console.log(`namespaces are not tested: ${isolation.note}`);

export const nobody: AgentHost = {
  approve: async () => ({ decision: 'reject', feedback: null }),
  ask: async () => null,
};

export function createRig(setup: AgentFeatureSetup): AgentRig {
  let dir = '';
  let salt = 0;
  const sessions: AgentSession[] = [];
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-agent-')));
    for (const name of ['work', 'home', 'tmp', 'user']) mkdirSync(join(dir, name));
    salt += 1;
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.stop()));
    rmSync(dir, { recursive: true, force: true });
  });

  const rig: AgentRig = {
    name: setup.name,
    makeBackend: setup.makeBackend,
    get dir() {
      return dir;
    },
    cannot: (scenario) => 'cannot' in setup.fakeFor(scenario),
    specFor(scenario) {
      const spec = setup.fakeFor(scenario);
      if ('cannot' in spec) throw new Error(spec.cannot);
      return spec;
    },
    feature(title, scenario, body) {
      const spec = setup.fakeFor(scenario);
      const reason = 'cannot' in spec ? ` (not in this protocol: ${spec.cannot})` : '';
      it.skipIf(reason !== '')(`${title}${reason}`, body);
    },
    async start(scenario, extra = {}) {
      const spec = rig.specFor(scenario);
      const { hostDeadlineMs = 10_000, use = 'none', readOnly = [], timeouts: own, ...rest } = extra;
      const backend = setup.makeBackend({
        userHome: join(dir, 'user'),
        baseEnv: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb', SSH_AUTH_SOCK: '/nowhere' },
        hostDeadlineMs,
      });
      const started = await backend.start({
        spec,
        workDir: join(dir, 'work'),
        home: join(dir, 'home'),
        tmpDir: join(dir, 'tmp'),
        env: {},
        resumeSessionId: null,
        mode: 'ask',
        host: nobody,
        transcriptPath: join(dir, 'transcript.jsonl'),
        signal: never(),
        ...rest,
        sandbox: {
          use,
          hide: [],
          writable: [join(dir, 'work'), join(dir, 'home'), join(dir, 'tmp')],
          readOnly,
        },
        timeouts: { ...timeouts, ...own },
      });
      if (started.ok) sessions.push(started.value);
      return started;
    },
    async open(scenario, extra = {}) {
      const started = await rig.start(scenario, extra);
      if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
      return { session: started.value, ...follow(started.value) };
    },
    async turn(scenario, extra = {}) {
      const { session, events, reading } = await rig.open(scenario, extra);
      const result = await session.prompt('do it', never());
      const stopped = await session.stop();
      await reading;
      return { session, events, result, stopped };
    },
    ours: () => inFolder(dir),
    sleep: () => `${process.pid}${String(salt).padStart(3, '0')}`,
  };
  return rig;
}

/** Reads the events of a session; whoever waits for one waits with `until`. */
export function follow(session: AgentSession): Omit<OpenSession, 'session'> {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  const reading = (async () => {
    for await (const event of session.events) {
      events.push(event);
      for (const wake of waiting) wake();
    }
  })();
  const until = (met: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!met()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { events, reading, until };
}

export const never = (): AbortSignal => new AbortController().signal;

export const said = (events: readonly AgentEvent[], type: 'text' | 'thought' = 'text'): string =>
  events
    .map((event) =>
      (event.type === 'text' || event.type === 'thought') && event.type === type ? event.delta : '',
    )
    .join('');

/** The last state of every tool call, in the order in which they began. */
export function tools(events: readonly AgentEvent[]): readonly Extract<AgentEvent, { type: 'tool' }>[] {
  const byId = new Map<string, Extract<AgentEvent, { type: 'tool' }>>();
  for (const event of events) if (event.type === 'tool') byId.set(event.id, event);
  return [...byId.values()];
}

/** Command lines of living processes that contain the text; arguments are separated by a zero byte. */
export function running(needle: string): readonly string[] {
  return living()
    .map(commandLine)
    .filter((line) => line.includes(needle));
}

function inFolder(dir: string): readonly string[] {
  return living()
    .filter((pid) => workingFolder(pid)?.startsWith(`${dir}/`) === true)
    .map(commandLine);
}

const living = (): readonly number[] =>
  readProcessTable()
    .filter((row) => !row.zombie && row.pid !== process.pid)
    .map((row) => row.pid);

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // ended meanwhile
  }
}
