import { api } from '../../shared/api/index.ts';
import type { AgentEntry } from '../../shared/agent-entry.ts';
import type { AppInfo, Check, DetectedAgent, TryItem } from '../../shared/api/agents.ts';
import type { DiffView, GoalRow, ListItem, WatchItem } from '../../shared/api/goals.ts';
import type { Inspection } from '../../shared/api/projects.ts';
import { foldGoal } from '../../shared/goal/evolve.ts';
import { goalRow } from '../../shared/goal/selectors.ts';
import type { GoalEvent } from '../../shared/goal/events.ts';
import { defaultBudget, defaultPolicy } from '../../shared/goal/vocabulary.ts';
import type { AttemptId, CommandId, Digest, GoalId } from '../../shared/kernel/ids.ts';
import { ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { Handlers } from '../../shared/rpc/serve.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import type { Signal } from '../../shared/signals.ts';

type Refusal = { code: string; message: string };
type Sent = { readonly path: string; readonly input: unknown };

/** For tests of the page: a host in memory that streams logs told by a test. It decides nothing and keeps what it is sent. */
export type FakeHost = {
  readonly sent: Sent[];
  /** Appends an event to a goal's log and tells everybody who watches. */
  readonly append: (event: GoalEvent) => void;
  readonly signal: (goalId: GoalId, signals: Signal[]) => void;
  /** What the next commands answer; accepted when nothing is set. */
  refuse: Refusal | null;
  /** A new connection, as a page would open it. `cut` on the answer drops it without a word. */
  readonly connect: () => Promise<Transport>;
  readonly cut: () => void;
  /** Whether `connect` is answered. */
  reachable: boolean;
};

export type FakeWorld = {
  readonly logs?: readonly (readonly GoalEvent[])[];
  readonly agents?: readonly DetectedAgent[];
  readonly checks?: readonly Check[];
  /** What a trial of this entry says, at once; it goes on until it is ended when the last item is no end. */
  readonly trial?: (entry: AgentEntry) => readonly TryItem[];
  readonly info?: Partial<AppInfo>;
  readonly inspection?: (path: string) => Result<Inspection, { code: 'project.not_found'; message: string }>;
  readonly dirty?: { count: number; paths: string[]; approximate: boolean };
  readonly diffs?: ReadonlyMap<GoalId, DiffView>;
  readonly artifacts?: ReadonlyMap<Digest, string>;
  readonly tails?: ReadonlyMap<AttemptId, Signal[]>;
  readonly readOnly?: ReadonlyMap<GoalId, string>;
  /** Goals whose proof is stale, and why. */
  readonly stale?: ReadonlyMap<GoalId, readonly string[]>;
  readonly hold?: boolean;
};

export function fakeHost(world: FakeWorld): FakeHost {
  const logs = new Map<GoalId, GoalEvent[]>();
  for (const log of world.logs ?? []) if (log[0]) logs.set(log[0].goalId, [...log]);
  const lists = new Set<(item: ListItem) => void>();
  const watches = new Set<{ goalId: GoalId; push: (item: WatchItem) => void }>();
  const sent: Sent[] = [];
  let agents = [...(world.agents ?? [])];
  let cut: () => void = () => {};

  const row = (goalId: GoalId): GoalRow[] => {
    const state = foldGoal(logs.get(goalId) ?? []);
    return state.exists ? [{ ...goalRow(state, 0), readOnly: world.readOnly?.get(goalId) ?? null }] : [];
  };
  const host: FakeHost = {
    sent,
    refuse: null,
    reachable: true,
    append(event) {
      logs.set(event.goalId, [...(logs.get(event.goalId) ?? []), event]);
      for (const watch of watches)
        if (watch.goalId === event.goalId) watch.push({ type: 'events', events: [event] });
      for (const push of lists) push({ type: 'rows', rows: row(event.goalId) });
    },
    signal(goalId, signals) {
      for (const watch of watches) if (watch.goalId === goalId) watch.push({ type: 'signals', signals });
    },
    connect() {
      if (!host.reachable) return Promise.reject(new Error('Nobody answers.'));
      const [page, far] = memoryPair();
      serve(api, handlers, far, { version: '0.1.0', checkOutputs: true, onInternal: () => {} });
      cut = () => far.close();
      return Promise.resolve(page);
    },
    cut: () => cut(),
  };

  const command =
    (path: string) =>
    (input: {
      commandId: CommandId;
      goalId?: GoalId;
    }): Result<{ goalId: GoalId; version: number }, Refusal> => {
      sent.push({ path, input });
      if (host.refuse) return { ok: false, error: host.refuse };
      const goalId = input.goalId ?? [...logs.keys()][0];
      if (goalId === undefined)
        return { ok: false, error: { code: 'goal.unknown', message: 'There is no goal.' } };
      return ok({ goalId, version: logs.get(goalId)?.length ?? 0 });
    };

  const handlers: Handlers<typeof api> = {
    app: {
      info: () => ({
        version: '0.1.0',
        stateDir: '/home/user/.local/state/omk',
        isolation: { level: 'L2', note: 'bubblewrap with user namespaces' },
        git: '2.45.1',
        node: '24.21.0',
        platform: 'linux-x64',
        defaults: { budget: defaultBudget, policy: defaultPolicy },
        workspaceBytes: 3_200_000_000,
        events: [...logs.values()].reduce((sum, log) => sum + log.length, 0),
        listening: null,
        ...world.info,
      }),
      doctor: () => ({ checks: [...(world.checks ?? [])] }),
      pickFolder: () => null,
      async *menuCommands(_input, signal) {
        await aborted(signal);
        yield* [];
      },
    },
    goals: {
      open: command('goals.open'),
      pause: command('goals.pause'),
      resume: command('goals.resume'),
      retry: command('goals.retry'),
      cancel: command('goals.cancel'),
      accept: command('goals.accept'),
      reject: command('goals.reject'),
      extendBudget: command('goals.extendBudget'),
      note: command('goals.note'),
      answer: command('goals.answer'),
      park: () => ({}),
      list: () => [...logs.keys()].flatMap(row),
      async *watchList(_input, signal) {
        const queue = itemQueue<ListItem>(signal);
        lists.add(queue.push);
        yield { type: 'rows', rows: [...logs.keys()].flatMap(row) };
        if (!world.hold) yield { type: 'caught_up' };
        yield* queue.items;
        lists.delete(queue.push);
      },
      async *watch({ goalId, afterVersion }, signal) {
        const queue = itemQueue<WatchItem>(signal);
        const watch = { goalId, push: queue.push };
        watches.add(watch);
        const history = (logs.get(goalId) ?? []).filter((event) => event.version > afterVersion);
        for (let from = 0; from < history.length; from += 500) {
          yield { type: 'events', events: history.slice(from, from + 500) };
        }
        if (!world.hold) yield { type: 'caught_up', version: history.at(-1)?.version ?? afterVersion };
        const readOnly = world.readOnly?.get(goalId);
        if (readOnly !== undefined) yield { type: 'read_only', message: readOnly };
        yield* queue.items;
        watches.delete(watch);
      },
      diff: ({ goalId }) => world.diffs?.get(goalId) ?? null,
      attemptTail: ({ attemptId }) => ({ signals: world.tails?.get(attemptId) ?? [] }),
      artifact({ digest, offset }) {
        const text = world.artifacts?.get(digest) ?? `artifact ${digest}\n`;
        return { text: text.slice(offset), size: text.length, nextOffset: null };
      },
    },
    proofs: {
      get: () => ({ path: '/home/user/.local/state/omk/goals/proof.json', json: { version: 1 } }),
      markdown: () => ({ text: '# Proof\n' }),
      export({ goalId }) {
        sent.push({ path: 'proofs.export', input: { goalId } });
        if (host.refuse) return { ok: false, error: host.refuse };
        return { ok: true, value: { path: `/home/user/Downloads/omk-${goalId}`, checked: 41 } };
      },
      verify: () => ({ ok: true, checked: 2_914, problems: [] }),
      standing: ({ goalId }) =>
        [...(world.stale ?? [])]
          .filter(([id]) => goalId === null || id === goalId)
          .map(([id, notes]) => ({ goalId: id, notes: [...notes] })),
    },
    projects: {
      inspect: ({ path }) =>
        world.inspection?.(path) ?? {
          ok: false,
          error: { code: 'project.not_found', message: `There is no folder ${path}.` },
        },
      dirty: () => world.dirty ?? { count: 0, paths: [], approximate: false },
      recent: () => [{ path: '/home/user/src/courier', name: 'courier', lastUsedAt: Date.UTC(2026, 0, 5) }],
    },
    agents: {
      list: () => [...agents],
      async *tryOut(entry, signal) {
        sent.push({ path: 'agents.tryOut', input: entry });
        const items = world.trial?.(entry) ?? [];
        yield* items;
        if (items.at(-1)?.type !== 'ended') await aborted(signal);
      },
      save(input) {
        sent.push({ path: 'agents.save', input });
        if (host.refuse) return { ok: false, error: host.refuse };
        const { name, protocol, command, env } = input.entry;
        agents.push({
          name,
          title: name,
          version: null,
          protocol,
          spec: { name, protocol, argv: command.split(' '), envNames: env, quirks: 'generic' },
          login: 'unknown',
          problem: null,
          fixCommand: null,
          source: 'config',
          abilities: null,
          demo: false,
        });
        return ok({ file: '/home/user/.config/omk/config.toml' });
      },
      remove(input) {
        sent.push({ path: 'agents.remove', input });
        agents = agents.filter((one) => one.name !== input.name);
        return ok({ file: '/home/user/.config/omk/config.toml' });
      },
      parseCommand: ({ text }) =>
        text.startsWith('acp:') || text.startsWith('wire:')
          ? {
              ok: true,
              value: {
                name: 'custom',
                protocol: text.startsWith('acp:') ? 'acp' : 'wire',
                argv: text.slice(text.indexOf(':') + 1).split(' '),
                envNames: [],
                quirks: 'generic',
              },
            }
          : { ok: false, message: 'Begin with wire: or acp:.' },
    },
  };
  return host;
}

function itemQueue<T>(signal: AbortSignal): { push: (item: T) => void; items: AsyncGenerator<T> } {
  const waiting: T[] = [];
  let wake: () => void = () => {};
  signal.addEventListener('abort', () => wake());
  return {
    push(item) {
      waiting.push(item);
      wake();
    },
    items: (async function* () {
      for (;;) {
        if (signal.aborted) return;
        const item = waiting.shift();
        if (item !== undefined) yield item;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    })(),
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
