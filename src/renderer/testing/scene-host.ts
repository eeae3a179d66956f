import type { DetectedAgent } from '../../shared/api/agents.ts';
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

export const detectedAgents: readonly DetectedAgent[] = [
  agent('kimi-code', 'kimi-code', '2.1.0', 'signed_in', null),
  agent('qwen-code', 'qwen-code', '0.9.1', 'signed_out', 'found, not signed in'),
  { ...agent('demo', 'Demonstration', null, 'not_needed', null), demo: true, protocol: 'wire' },
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
    demo: false,
  };
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
  const base = { agents: detectedAgents, inspection, artifacts: artifacts() };
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
