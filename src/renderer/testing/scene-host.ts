import type { AgentAbilities } from '../../shared/agent-abilities.ts';
import type { AgentEntry } from '../../shared/agent-entry.ts';
import type { Check, DetectedAgent, TryItem } from '../../shared/api/agents.ts';
import type { DiffView } from '../../shared/api/goals.ts';
import type { Inspection } from '../../shared/api/projects.ts';
import type { GoalEvent } from '../../shared/goal/events.ts';
import type { Digest, GoalId } from '../../shared/kernel/ids.ts';
import { ok } from '../../shared/kernel/result.ts';
import { digest, oid } from '../../shared/testing/story.ts';
import type { Story } from '../../shared/testing/story.ts';
import { createPoisoner, payloads } from './payloads.ts';
import { courierPatch } from './courier-patch.ts';
import { fakeHost } from './fake-host.ts';
import type { FakeHost } from './fake-host.ts';
import {
  liveSignals,
  runningAgent,
  runningGoal,
  acceptableGoal,
  askingGoal,
  lockedGoal,
  changedFiles,
  longGoal,
  exampleGates,
  vagueGoal,
  spentGoal,
  infraGoal,
  baselineGoal,
  pausedGoal,
  readyGoal,
  notReadyGoal,
  cancelledGoal,
} from './scenes.ts';

/** The goals of scenes.ts behind one host, as the page is looked at. */

const abilities: AgentAbilities = {
  questions: true,
  usage: 'sidecar',
  resume: true,
  executor: true,
  steering: false,
  failures: true,
  tools: true,
};

export const detectedAgents: readonly DetectedAgent[] = [
  agent('kimi-code', 'kimi-code', '2.1.0', 'signed_in', null),
  { ...agent('qwen-code', 'qwen-code', '0.9.1', 'signed_out', 'found, not signed in'), fixCommand: 'qwen' },
  {
    ...agent('demo', 'Demonstration', null, 'not_needed', null),
    demo: true,
    protocol: 'wire',
    source: 'built_in',
  },
];

function agent(
  name: string,
  shown: string,
  version: string | null,
  login: DetectedAgent['login'],
  problem: string | null,
): DetectedAgent {
  return {
    name,
    title: shown,
    version,
    protocol: 'acp',
    spec: { name, protocol: 'acp', argv: [name], envNames: [], quirks: 'generic' },
    login,
    problem,
    fixCommand: null,
    source: 'path',
    abilities: { ...abilities, steering: null },
    demo: false,
  };
}

const checked: readonly Check[] = [
  { id: 'git', title: 'Git', state: 'ok', found: '2.45.1', fix: null, command: null },
  { id: 'node', title: 'Node', state: 'ok', found: '24.21.0', fix: null, command: null },
  {
    id: 'isolation',
    title: 'Isolation',
    state: 'warning',
    found: 'L0. This system does not give namespaces to omk (unshare: Operation not permitted).',
    fix: 'Allow user namespaces for your user and have unshare (util-linux) installed. Until then agents can write whatever you can, and proofs say so.',
    command: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    id: 'disk',
    title: 'Disk',
    state: 'failed',
    found: '214 MB free.',
    fix: 'Free some space on the disk of /home/user/.local/state/omk, or set OMK_HOME to another one.',
    command: null,
  },
  {
    id: 'agent:qwen-code',
    title: 'qwen-code',
    state: 'warning',
    found: 'found, not signed in',
    fix: 'Run this in a terminal.',
    command: 'qwen',
  },
];

/** A trial as the word in its command says: `works`, `fails`, anything else goes on until it is ended. */
function trial({ command }: AgentEntry): readonly TryItem[] {
  const stage = (
    name: Extract<TryItem, { type: 'stage' }>['stage'],
    state: Extract<TryItem, { type: 'stage' }>['state'],
    text: string,
    ms: number | null = null,
    fix: string | null = null,
  ): TryItem => ({ type: 'stage', stage: name, state, text, fix, ms });
  const begun = [
    stage('command', 'ok', '2 words, run without a shell.'),
    stage('folder', 'ok', 'An empty folder of its own, with a home of its own.'),
    stage('handshake', 'running', 'Starting it and shaking hands, 20 s at most.'),
  ];
  if (command.includes('fails'))
    return [
      ...begun,
      stage(
        'handshake',
        'failed',
        'It is not signed in.',
        1_840,
        'Run kimi login in a terminal and sign in; then try again.',
      ),
      { type: 'ended', ok: false, ms: 1_900 },
    ];
  if (!command.includes('works')) return begun;
  return [
    ...begun,
    stage('handshake', 'ok', 'It answered.', 1_420),
    {
      type: 'agent',
      name: 'Kimi Code CLI',
      version: '2.1.0',
      protocol: 'acp 1',
      isolated: 'namespaces',
      abilities,
    },
    stage('turn', 'ok', 'It answered “ready”.', 2_310),
    stage('stop', 'ok', 'It ended, and nothing of it is left running.', 120),
    { type: 'ended', ok: true, ms: 3_900 },
  ];
}

export const courier: Inspection = {
  path: '/home/user/src/courier',
  name: 'courier',
  topLevel: '/home/user/src/courier',
  subfolder: '',
  head: { commit: oid('base'), tree: oid('base tree'), branch: 'main', subject: 'Bump vitest' },
  gates: {
    source: 'detected',
    gates: exampleGates.filter((gate) => gate.kind !== 'probe'),
    digest: digest('oracle'),
    notes: [],
    unreadable: null,
  },
  warnings: [],
};

const terminal = [
  '\u001b[31mAssertionError: expected 61 to be at least 100\u001b[39m',
  ' \u001b[2m❯ test/retry.test.ts:48:27\u001b[22m',
  '    47|     const gap = stamps[1] - stamps[0]',
  '    48|     expect(gap).toBeGreaterThanOrEqual(100)',
  ' hidden \u202egnp.exe\u202c and a bell \u0007',
  ...Array.from({ length: 400 }, (_, line) => ` ✓ test/client.test.ts > case ${line} (${line % 7} ms)`),
].join('\n');

function artifacts(): Map<Digest, string> {
  return new Map([
    [digest('gate Unit tests result'), terminal],
    [digest('gate Unit tests'), terminal],
  ]);
}

export type Scene =
  'busy' | 'empty' | 'loading' | 'offline' | 'failed' | 'long' | 'broken' | 'hostile' | 'asking';

export function sceneHost(scene: Scene): FakeHost {
  const inspection = (path: string) =>
    path.includes('notes')
      ? ({ ok: false, error: { code: 'project.not_found', message: `${path} is not there.` } } as const)
      : ok(courier);
  const base = { agents: detectedAgents, checks: checked, trial, inspection, artifacts: artifacts() };
  if (scene === 'empty') return fakeHost({ ...base, info: { workspaceBytes: 0, events: 0 } });
  if (scene === 'failed') {
    const host = fakeHost(base);
    host.reachable = false;
    return host;
  }
  if (scene === 'long') return fakeHost({ ...base, logs: [longGoal(100_000).events] });
  if (scene === 'asking') return fakeHost({ ...base, logs: [askingGoal().events] });
  const stories = [
    runningGoal(),
    acceptableGoal(),
    lockedGoal(),
    vagueGoal(),
    spentGoal(),
    infraGoal(),
    baselineGoal(),
    pausedGoal(),
    readyGoal(),
    notReadyGoal(),
    cancelledGoal(),
  ];
  const diffs = new Map<GoalId, DiffView>();
  for (const [told, name] of stories.map(
    (one) => [one, one.events.findLast((event) => event.type === 'slice.committed')] as const,
  )) {
    if (name?.type !== 'slice.committed') continue;
    diffs.set(told.goalId, {
      from: oid('base tree'),
      to: name.payload.tree,
      files: changedFiles.map((one) => ({
        ...one,
        locked: one.locked && told.goalId === stories[2]?.goalId,
      })),
      patch: courierPatch,
      truncated: false,
    });
  }
  const running = stories[0];
  if (scene === 'hostile' && running) return hostileHost(stories, running, diffs);
  return fakeHost({
    ...base,
    logs: stories.map((one): readonly GoalEvent[] => one.events),
    diffs,
    tails: new Map(running ? [[runningAgent, liveSignals(running.goalId)]] : []),
    hold: scene === 'loading',
    stale: new Map(
      stories[8]
        ? [
            [
              stories[8].goalId,
              ['Base moved by 3 commits on main; the proof covers a1b2c3d, not a merge of it.'],
            ],
          ]
        : [],
    ),
    ...(scene === 'broken' && stories[1]
      ? { readOnly: new Map([[stories[1].goalId, 'Event 14 does not match its hash.']]) }
      : {}),
  });
}

/** Every text that is not omk's own is a payload, wherever it stands. */
function hostileHost(
  stories: readonly Story[],
  running: Story,
  diffs: ReadonlyMap<GoalId, DiffView>,
): FakeHost {
  const poison = createPoisoner();
  const told = running.events.length;
  for (let from = 0; from < payloads.length; from += 10) {
    running.tell('project.changed', { what: payloads.slice(from, from + 10), byOperator: false });
  }
  const logs = stories.map(({ events }) =>
    events.map((event, index) =>
      // The rows just told hold payloads already.
      events === running.events && index >= told
        ? event
        : ({ ...event, payload: poison(event.payload) } as GoalEvent),
    ),
  );
  const everything = payloads.join('\n');
  const digests = stories.flatMap((one) => JSON.stringify(one.events).match(/\b[0-9a-f]{64}\b/g) ?? []);
  const on = { goalId: running.goalId, attemptId: runningAgent };
  return fakeHost({
    agents: detectedAgents.map((one) => ({ ...poison(one), name: one.name })),
    inspection: () => ok(poison(courier)),
    dirty: { count: payloads.length, paths: [...payloads], approximate: false },
    logs,
    diffs: new Map(
      [...diffs].map(([goalId, diff]) => [
        goalId,
        {
          ...diff,
          files: poison(diff.files),
          patch: diff.patch.replaceAll('delay', '<img src=x onerror=pwned()>\u202E'),
        },
      ]),
    ),
    artifacts: new Map(digests.map((one) => [one as Digest, everything])),
    tails: new Map([
      [
        runningAgent,
        [
          ...poison(liveSignals(running.goalId)),
          ...payloads.map((delta) => ({ type: 'text' as const, ...on, delta: `${delta}\n\n` })),
        ],
      ],
    ]),
  });
}
