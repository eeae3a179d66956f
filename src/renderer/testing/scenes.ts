// Logs told event by event: long, and flat.
/* eslint-disable max-lines */

import type { Payload } from '../../shared/goal/events.ts';
import type { ChangedFile } from '../../shared/goal/vocabulary.ts';
import type { AttemptId, GoalId } from '../../shared/kernel/ids.ts';
import type { Signal } from '../../shared/signals.ts';
import {
  attemptId,
  digest,
  gateRecord,
  gateSpec,
  oid,
  opened,
  question,
  questionId,
  spent,
  started,
  story,
} from '../../shared/testing/story.ts';
import type { Story } from '../../shared/testing/story.ts';

/** Goals in every state, folded from events as the real ones are: what the page is looked at and tested with. */

export const exampleGates = [
  gateSpec('Setup', ['pnpm', 'install', '--frozen-lockfile'], {
    kind: 'setup',
    source: 'pnpm-lock.yaml',
    repeat: 1,
  }),
  gateSpec('Typecheck', ['tsc', '-p', '.', '--noEmit'], { source: 'tsconfig.json' }),
  gateSpec('Unit tests', ['vitest', 'run', '--reporter=junit'], {
    source: 'package.json scripts.test',
    parser: 'junit-xml',
    script: 'vitest run',
  }),
  gateSpec('Retry-After', ['node', 'client.mjs', '--from', '429.txt'], { kind: 'probe', source: 'you' }),
  gateSpec('Bench', ['pnpm', 'bench:retry'], {
    required: false,
    source: 'package.json scripts.bench:retry',
    cost: 'slow',
  }),
];
const unit = { passed: 146, failed: 2, skipped: 1 };
const redTests = [
  'test/retry.test.ts > waits at least the delay before each retry',
  'test/retry.test.ts > retries a socket that resets mid-body',
];

const minute = 60_000;
const act = { actor: 'operator' as const };

function begun(told: Story, text: string, more: Partial<Payload<'goal.opened'>> = {}): Story {
  return told
    .tell('goal.opened', opened(text, more), act)
    .tell('attempt.started', started(`${told.goalId.slice(-8)}-prepare`, 'prepare', 1), { after: 300 })
    .tell(
      'base.pinned',
      {
        commit: oid('base'),
        tree: oid('base tree'),
        branch: 'main',
        snapshot: false,
        warnings: [],
        fingerprint: digest('fingerprint'),
      },
      { after: 2_000 },
    )
    .tell('oracle.defined', {
      source: 'detected',
      gates: exampleGates,
      digest: digest('oracle'),
      lockedFiles: 9,
      notes: [],
    })
    .tell('attempt.finished', {
      attemptId: attemptId(`${told.goalId.slice(-8)}-prepare`),
      fence: 1,
      evidence: [],
    })
    .tell('oracle.trusted', { digest: digest('oracle') }, act);
}

function based(told: Story): Story {
  const id = (name: string): string => `${told.goalId.slice(-8)}-${name}`;
  return told
    .tell('attempt.started', started(id('setup'), 'setup', 2))
    .tell(
      'setup.sealed',
      {
        key: digest('setup key'),
        digest: digest('setup'),
        paths: ['node_modules'],
        gates: [gateRecord('Setup', { kind: 'setup', runs: 1, exitCodes: [0], durationMs: 31_000 })],
        fromCache: false,
      },
      { after: 31_000 },
    )
    .tell('attempt.finished', { attemptId: attemptId(id('setup')), fence: 2, evidence: [] })
    .tell('attempt.started', started(id('base'), 'base', 3))
    .tell(
      'base.checked',
      {
        isolation: 'L2',
        gates: [
          gateRecord('Typecheck'),
          gateRecord('Unit tests', {
            outcome: 'failed',
            exitCodes: [1, 1],
            durationMs: 38_400,
            counts: unit,
            parsed: true,
            failedTests: redTests,
          }),
          gateRecord('Retry-After', {
            kind: 'probe',
            outcome: 'failed',
            exitCodes: [1, 1],
            durationMs: 1_200,
          }),
          gateRecord('Bench', { required: false, outcome: 'flaky', exitCodes: [0, 1], durationMs: 130_000 }),
        ],
        expectedTests: 149,
        red: [...redTests, 'Retry-After'],
        evidence: digest('base runs'),
      },
      { after: 3 * minute },
    )
    .tell('attempt.finished', { attemptId: attemptId(id('base')), fence: 3, evidence: [digest('base log')] })
    .tell('plan.proposed', {
      source: 'heuristic',
      digest: digest('plan'),
      tasks: [
        {
          id: 'goal',
          title: 'Fix the flaky retry logic in the HTTP client and add back-off with jitter',
          description:
            'Retries must wait for the delay after the socket has closed. Delays are jittered and capped.',
          dependencies: [],
          readSet: ['**'],
          writeSet: ['packages/http/src/**', 'packages/http/test/**'],
          acceptance: [
            '`waits at least the delay before each retry` turns green',
            'Delays never exceed `maxDelayMs`',
          ],
          risk: 'medium',
        },
      ],
    })
    .tell('plan.accepted', { digest: digest('plan') }, { actor: 'policy' });
}

export const changedFiles: readonly ChangedFile[] = [
  file('packages/http/vitest.config.ts', 0, 1, { locked: true }),
  file('packages/http/src/backoff.ts', 8, 3),
  file('packages/http/src/clock.ts', 18, 0, { change: 'added', oldBlob: null }),
  file('packages/http/src/retry.ts', 9, 6),
  file('packages/http/src/index.ts', 2, 0),
  file('packages/http/test/backoff.test.ts', 14, 0, { change: 'added', oldBlob: null }),
  file('docs/retry.png', null, null, { binary: true }),
];

function file(
  path: string,
  added: number | null,
  removed: number | null,
  more: Partial<ChangedFile> = {},
): ChangedFile {
  return {
    path,
    change: 'modified',
    added,
    removed,
    binary: false,
    locked: false,
    oldBlob: oid(`${path} old`),
    newBlob: oid(`${path} new`),
    ...more,
  };
}

const summary =
  'The flake came from measuring wall-clock time across a socket close. I changed packages/http/src/retry.ts so that the delay starts after the socket has closed. All tests pass, none are skipped. I updated CHANGELOG.md.';

function candidate(
  told: Story,
  name: string,
  fence: number,
  more: Partial<Payload<'candidate.verified'>> = {},
): Story {
  const id = (part: string): string => `${told.goalId.slice(-8)}-${name}-${part}`;
  return told
    .tell('attempt.started', started(id('agent'), 'agent', fence, 'goal'))
    .tell('budget.spent', spent(id('agent'), `${id('u')}1`, 212_000, { usd: 1.12, agentMs: 9 * minute }), {
      after: 9 * minute,
    })
    .tell('budget.spent', spent(id('agent'), `${id('u')}2`, 311_000, { usd: 1.9, agentMs: 11 * minute }), {
      after: 11 * minute,
    })
    .tell('slice.committed', {
      attemptId: attemptId(id('agent')),
      taskId: 'goal',
      commit: oid(`${name} commit`),
      tree: oid(`${name} tree`),
      base: oid('base'),
      files: 7,
      outside: ['CHANGELOG.md'],
      ignored: [],
      custodyRef: `refs/omk/custody/${name}`,
      summary,
    })
    .tell('attempt.finished', {
      attemptId: attemptId(id('agent')),
      fence,
      evidence: [digest(`${name} transcript`)],
    })
    .tell('attempt.started', started(id('verify'), 'verify', fence + 1))
    .tell(
      'candidate.verified',
      {
        attemptId: attemptId(id('verify')),
        commit: oid(`${name} commit`),
        tree: oid(`${name} tree`),
        baseTree: oid('base tree'),
        oracleDigest: digest('oracle'),
        isolation: 'L2',
        isolationNote: 'In a mount namespace without network.',
        passed: true,
        gates: [
          gateRecord('Typecheck'),
          gateRecord('Unit tests', {
            durationMs: 37_900,
            counts: { passed: 154, failed: 0, skipped: 1 },
            parsed: true,
            evidence: [digest('gate Unit tests result'), digest('gate Unit tests result 2')],
            canary: { altered: 2, failed: 2, without: 0 },
          }),
          gateRecord('Retry-After', { kind: 'probe', durationMs: 1_200 }),
          gateRecord('Bench', {
            required: false,
            outcome: 'flaky',
            exitCodes: [0, 1],
            durationMs: 128_000,
            passedRuns: 1,
          }),
        ],
        redToGreen: [...redTests, 'Retry-After'],
        redToGreenCount: 3,
        greenToRed: [],
        onlyOwnTests: false,
        findings: [
          {
            rule: 'code.swallowed_error',
            severity: 'warning',
            effect: 'none',
            file: 'packages/http/src/retry.ts',
            line: 27,
            message: 'The caught error is dropped; its cause is lost.',
          },
          {
            rule: 'dependency.added',
            severity: 'warning',
            effect: 'none',
            file: 'packages/http/package.json',
            line: 18,
            message: '1 new dependency: p-timeout ^7.0.1.',
          },
        ],
        sections: [
          {
            name: 'architect',
            state: 'findings',
            note: 'packages/http/package.json:18: 1 new dependency: p-timeout ^7.0.1.',
          },
          { name: 'code', state: 'findings', note: 'The caught error is dropped; its cause is lost.' },
          {
            name: 'test',
            state: 'passed',
            note: 'Existing tests and their configuration decided as they are on base; none was deleted, skipped or weakened.',
          },
          {
            name: 'security',
            state: 'passed',
            note: 'Searched for keys, links out of the tree, protected files, dangerous calls and new sources of code. 5 changed source files read, 2 other files only searched for keys.',
          },
          { name: 'performance', state: 'not_assessed', note: 'No gate measures it reliably.' },
          {
            name: 'anti-slop',
            state: 'passed',
            note: 'Searched for copied code, debugging left-overs and code in comments; nobody judged style. 5 changed source files read, 2 other files only searched for keys.',
          },
        ],
        changed: [...changedFiles],
        changedCount: changedFiles.length,
        diff: digest('diff'),
        lockedChanged: [],
        proposedOracle: null,
        reasons: [],
        evidence: [digest('gate Unit tests result'), digest('gate Typecheck'), digest('canary')],
        toolVersions: { node: '24.21.0' },
        ...more,
      },
      { after: 4 * minute },
    )
    .tell('attempt.finished', { attemptId: attemptId(id('verify')), fence: fence + 1, evidence: [] });
}

function asked(
  told: Story,
  name: string,
  asks: ReturnType<typeof question>,
  attempt: AttemptId | null = null,
): Story {
  return told.tell(
    'question.asked',
    { questionId: questionId(name), attemptId: attempt, question: asks },
    { after: 400 },
  );
}

const acceptance = (name: string) =>
  question('Accept and land this result?', {
    kind: 'acceptance',
    context: `3 of 3 required gates passed on ${oid(`${name} commit`).slice(0, 8)}, 3 checks went from red to green.`,
    choices: [
      { id: 'accept', label: 'Accept and land' },
      { id: 'revise', label: 'Send back with comments' },
      { id: 'conclude', label: 'End the goal as not ready' },
    ],
    allowText: true,
    blocks: 'goal',
    costOfWaiting: 'The goal waits. Nothing is spent while it waits.',
  });

const title = 'Fix the flaky retry logic in the HTTP client and add back-off with jitter';
const money = { budget: { timeMs: 3 * 3_600_000, tokens: 2_000_000, usd: 12 } };
const at = (hoursAgo: number): number => Math.floor(Date.now() / minute) * minute - hoursAgo * 3_600_000;

/** Under way: one attempt failed verification, the second works, and an approval is open. */
export function runningGoal(): Story {
  const told = based(begun(story('run', at(1.2)), title, money));
  candidate(told, 'first', 4, {
    passed: false,
    gates: [
      gateRecord('Typecheck', {
        outcome: 'failed',
        exitCodes: [2, 2],
        notes: ["backoff.ts(14,7): argument of type 'undefined'"],
      }),
      gateRecord('Unit tests', {
        durationMs: 37_900,
        counts: { passed: 153, failed: 1, skipped: 1 },
        parsed: true,
        outcome: 'failed',
        exitCodes: [1, 1],
        failedTests: [redTests[1] ?? ''],
      }),
      gateRecord('Retry-After', { kind: 'probe' }),
    ],
    redToGreen: [redTests[0] ?? ''],
    redToGreenCount: 1,
    reasons: [{ code: 'gate.failed', message: 'Typecheck failed on the result.' }],
  });
  const agent = 'run-second';
  told
    .tell(
      'attempt.started',
      { ...started(agent, 'agent', 6, 'goal'), allowanceMs: 40 * minute, allowanceTokens: 400_000 },
      { after: 2_000 },
    )
    .tell('budget.spent', spent(agent, 'second-1', 182_000, { usd: 0.98, agentMs: 6 * minute }), {
      after: 6 * minute,
    });
  asked(
    told,
    'curl',
    question('Let kimi-code run a command?', {
      kind: 'approval',
      context:
        'This agent is not confined by the system, so the command could reach everything your user can.',
      subject: 'curl -sS https://httpbin.org/status/503',
      quote: 'I want to see how the client behaves on a real 503.',
      choices: [
        { id: 'once', label: 'This once' },
        { id: 'goal', label: 'For this goal', detail: 'Exactly this, as often as it asks.' },
        { id: 'never', label: 'Never' },
      ],
      defaultChoice: 'never',
      costOfWaiting: 'The agent waits. Nothing is spent while it waits.',
    }),
    attemptId(agent),
  );
  return told;
}

/** Three agents ask: for a command of which a rule can be told, for many things at once, and what they cannot know. */
export function askingGoal(): Story {
  const told = based(begun(story('asking', at(0.5)), 'Port the build to the new compiler', money));
  const ask = (name: string, fence: number, asks: Parameters<typeof question>[1] & { title: string }) => {
    told.tell('attempt.started', {
      ...started(name, 'agent', fence, 'goal'),
      allowanceMs: 40 * minute,
      allowanceTokens: 400_000,
    });
    const { title: asksFor, ...rest } = asks;
    asked(
      told,
      name,
      question(asksFor, {
        kind: 'approval',
        defaultChoice: 'never',
        costOfWaiting:
          'The agent waits, and nothing is spent. After 10m its turn is ended with this question open; until you answer nothing is allowed.',
        ...rest,
      }),
      attemptId(name),
    );
  };
  ask('asking-rule', 6, {
    title: 'Let kimi-code run a command?',
    context: 'This agent is not confined by the system, so the command could reach everything your user can.',
    subject: 'npm test -- --reporter dot test/compile.test.ts',
    quote: 'Requesting approval to Running: npm test -- --reporter dot test/compile.te…',
    choices: [
      { id: 'once', label: 'This once' },
      { id: 'goal', label: 'For this goal', detail: 'Exactly this, as often as it asks.' },
      {
        id: 'rule',
        label: 'Every `npm test …`',
        detail: 'For this goal, whatever plain words follow; never with an operator of the shell.',
      },
      { id: 'never', label: 'Never' },
    ],
    acts: [{ kind: 'command', text: 'npm test -- --reporter dot test/compile.test.ts', times: 1 }],
    rule: ['npm', 'test'],
  });
  const acts = [
    { kind: 'command' as const, text: 'npm ci --ignore-scripts', times: 12 },
    {
      kind: 'command' as const,
      text: 'node tools/compile.mjs --out dist/esm --target es2024 && du -sh dist',
      times: 4,
    },
    {
      kind: 'write' as const,
      text: '--- /home/user/.config/compiler.toml\n+++ /home/user/.config/compiler.toml\n-cache = true\n+cache = false',
      times: 1,
    },
    ...Array.from({ length: 47 }, (_, part) => ({
      kind: 'command' as const,
      text: `make part-${part}`,
      times: part % 3 === 0 ? 1 : 4,
    })),
  ];
  ask('asking-batch', 7, {
    title: 'Let kimi-code run 163 commands and change a file outside its folder?',
    context:
      'It asked for all of these at once; 50 of them are different. This agent is not confined by the system, so the command could reach everything your user can.',
    subject: acts.map((act) => act.text).join('\n'),
    choices: [
      { id: 'once', label: 'Allow these once' },
      { id: 'goal', label: 'Allow these for this goal', detail: 'Exactly these, as often as it asks.' },
      { id: 'never', label: 'Refuse all' },
    ],
    acts,
  });
  ask('asking-many', 8, {
    kind: 'agent.question',
    title: 'kimi-code asks you to decide. What is your answer?',
    context: 'The words below are the agent’s own.',
    quote: 'Which targets shall the new compiler serve?',
    choices: [
      { id: 'option-0', label: 'Node 20', detail: 'What the package says today.' },
      { id: 'option-1', label: 'Browsers of the last two years' },
      {
        id: 'option-2',
        label: 'Edge workers',
        detail: 'Without a file system; two modules would have to be rewritten.',
      },
    ],
    multi: true,
    allowText: true,
    defaultChoice: null,
  });
  return told;
}

export const runningAgent = attemptId('run-second');

export function liveSignals(goalId: GoalId): Signal[] {
  const on = { goalId, attemptId: runningAgent };
  return [
    {
      type: 'text',
      ...on,
      delta:
        'The failure is timing, not network. `retry.test.ts` asserts a 100 ms wall-clock gap, and `sleep()` starts before the socket closes, so a slow close eats the gap.',
    },
    {
      type: 'tool',
      ...on,
      toolId: '1',
      label: 'Ran `pnpm vitest run test/retry.test.ts --repeat 20`',
      kind: 'execute',
      state: 'ok',
      paths: [],
      detail: 'Tests  3 failed | 17 passed (20)',
    },
    {
      type: 'tool',
      ...on,
      toolId: '2',
      label: 'Edited `packages/http/src/clock.ts`',
      kind: 'edit',
      state: 'ok',
      paths: ['packages/http/src/clock.ts'],
    },
    {
      type: 'tool',
      ...on,
      toolId: '3',
      label: 'Read `packages/http/src/retry.ts`',
      kind: 'read',
      state: 'ok',
      paths: [],
    },
    { type: 'text', ...on, delta: 'Next I rewrite the retry loop so that the delay starts after the close.' },
    {
      type: 'tool',
      ...on,
      toolId: '4',
      label: 'Edited `packages/http/src/retry.ts`',
      kind: 'edit',
      state: 'running',
      paths: [],
    },
    {
      type: 'activity',
      ...on,
      label: 'writing packages/http/src/retry.ts',
      silentMs: 0,
      done: null,
      total: null,
    },
  ];
}

/** Verified and waiting for the decision. */
export function acceptableGoal(): Story {
  const told = candidate(based(begun(story('accept', at(2.4)), title, money)), 'accept', 4);
  return asked(told, 'accept', acceptance('accept')).tell('goal.stopped', {
    status: 'blocked_on_human',
    reasons: [{ code: 'question.open', message: 'Accept and land this result?' }],
  });
}

/** The slice changed what it is judged by. */
const lockedPatch = `diff --git a/packages/http/vitest.config.ts b/packages/http/vitest.config.ts
--- a/packages/http/vitest.config.ts
+++ b/packages/http/vitest.config.ts
@@ -3,5 +3,5 @@ import { defineConfig } from 'vitest/config';
 export default defineConfig({
   test: {
-    retry: 0,
+    retry: 3,
   },
 });
`;

export function lockedGoal(): Story {
  const told = candidate(
    based(begun(story('locked', at(3)), 'Stop hiding the flake behind retries in the test runner', money)),
    'locked',
    4,
    {
      lockedChanged: ['packages/http/vitest.config.ts'],
      proposedOracle: digest('new oracle'),
      findings: [
        {
          rule: 'oracle.locked-file',
          severity: 'blocker',
          effect: 'question',
          file: 'packages/http/vitest.config.ts',
          line: null,
          message: 'vitest.config.ts belongs to the oracle and was changed.',
        },
        {
          rule: 'code.swallowed_error',
          severity: 'warning',
          effect: 'none',
          file: 'packages/http/src/retry.ts',
          line: 27,
          message: 'The caught error is dropped; its cause is lost.',
        },
      ],
    },
  );
  return asked(
    told,
    'oracle',
    question('May the agent change 1 locked file that the result is judged by?', {
      kind: 'oracle.changed',
      context: 'The result passes with the copies from base, so the change was not needed for that.',
      subject: `Commit ${oid('locked commit')}\npackages/http/vitest.config.ts\n\n${lockedPatch}`,
      choices: [
        { id: 'approve', label: 'Approve the change of 1 locked file' },
        { id: 'send_back', label: 'Send it back: leave these alone' },
        { id: 'conclude', label: 'End the goal as not ready' },
      ],
      defaultChoice: 'send_back',
      blocks: 'goal',
      costOfWaiting: 'The goal waits. Nothing is spent while it waits.',
    }),
  ).tell('goal.stopped', {
    status: 'blocked_on_human',
    reasons: [
      { code: 'question.open', message: 'May the agent change 1 locked file that the result is judged by?' },
    ],
  });
}

export function vagueGoal(): Story {
  const told = story('vague', at(0.1)).tell(
    'goal.opened',
    opened('Make it better', {
      project: { path: '/home/user/src/ledger-api', name: 'ledger-api', subfolder: '' },
    }),
    act,
  );
  return asked(
    told,
    'vague',
    question('How would anybody see that this goal is done?', {
      kind: 'goal.vague',
      context:
        'This asks for something better without saying what would show it. Say what a check could see, or go on as it is.',
      subject: 'Make it better',
      choices: [
        { id: 'proceed', label: 'Go on as it is' },
        { id: 'cancel', label: 'Cancel the goal' },
      ],
      allowText: true,
      blocks: 'goal',
      costOfWaiting: 'The goal waits. Nothing is spent while it waits.',
    }),
  ).tell('goal.stopped', {
    status: 'blocked_on_human',
    reasons: [{ code: 'question.open', message: 'How would anybody see that this goal is done?' }],
  });
}

const ledger = { project: { path: '/home/user/src/ledger-api', name: 'ledger-api', subfolder: '' } };

export function spentGoal(): Story {
  const told = based(
    begun(story('spent', at(6)), 'Document every public option with a tested example', {
      budget: { timeMs: null, tokens: null, usd: 12 },
    }),
  );
  return told
    .tell('attempt.started', started('spent-agent', 'agent', 4, 'goal'))
    .tell('budget.spent', spent('spent-agent', 's1', 1_400_000, { usd: 12.04, agentMs: 80 * minute }), {
      after: 80 * minute,
    })
    .tell('attempt.failed', {
      attemptId: attemptId('spent-agent'),
      fence: 4,
      failure: {
        code: 'budget.exhausted',
        message: 'The money budget is spent.',
        retry: 'ask',
        blame: 'person',
      },
      evidence: [],
    })
    .tell('goal.stopped', {
      status: 'needs_more_budget',
      reasons: [{ code: 'budget.exhausted', message: 'The money budget is spent, $12.04 of $12.00.' }],
    });
}

export function readyGoal(): Story {
  const told = candidate(
    based(begun(story('ready', at(28)), 'Stop leaking sockets after an aborted upload')),
    'ready',
    4,
  );
  asked(told, 'ready', acceptance('ready'));
  return told
    .tell(
      'goal.accepted',
      { commit: oid('ready commit'), tree: oid('ready tree'), note: '', by: 'operator' },
      { ...act, after: 3 * minute },
    )
    .tell(
      'question.answered',
      {
        questionId: questionId('ready'),
        choice: 'accept',
        text: null,
        digest: digest('Accept and land this result?'),
      },
      act,
    )
    .tell('result.landed', {
      ref: `refs/heads/goal/${told.goalId}/result`,
      commit: oid('ready commit'),
      baseMovedBy: 0,
    })
    .tell('goal.concluded', {
      status: 'ready',
      reasons: [{ code: 'result.landed', message: `Landed as goal/${told.goalId}/result, accepted by you.` }],
    });
}

export function notReadyGoal(): Story {
  const told = based(begun(story('notready', at(30)), 'Cut cold start below 40 ms'));
  for (const [index, name] of ['n1', 'n2', 'n3'].entries()) {
    candidate(told, name, 4 + index * 2, {
      passed: false,
      gates: [
        gateRecord('Typecheck'),
        gateRecord('Unit tests'),
        gateRecord('Retry-After', {
          kind: 'probe',
          outcome: 'failed',
          exitCodes: [1, 1],
          notes: ['measured 47 ms, the probe says 40'],
        }),
      ],
      redToGreen: [],
      redToGreenCount: 0,
      reasons: [
        {
          code: 'gate.failed',
          message: '`Retry-After` failed on the result: measured 47 ms, the probe says 40.',
        },
      ],
    });
  }
  return told.tell('goal.stopped', {
    status: 'not_ready',
    reasons: [
      {
        code: 'gate.failed',
        message: '`Retry-After` failed on the result: measured 47 ms, the probe says 40.',
      },
    ],
  });
}

export function infraGoal(): Story {
  const told = begun(story('infra', at(9)), 'Make install.sh idempotent', {
    project: { path: '/home/user/dotfiles', name: 'dotfiles', subfolder: '' },
  });
  for (let fence = 2; fence < 5; fence += 1) {
    told.tell('attempt.started', started(`infra-${fence}`, 'setup', fence)).tell('attempt.failed', {
      attemptId: attemptId(`infra-${fence}`),
      fence,
      failure: {
        code: 'tree.changed',
        message: 'The verification tree changed while a gate ran. Nothing was concluded.',
        retry: 'never',
        blame: 'infra',
      },
      evidence: [],
    });
  }
  return told.tell('goal.stopped', {
    status: 'failed_infra',
    reasons: [
      {
        code: 'tree.changed',
        message: 'The verification tree changed while a gate ran. Nothing was concluded.',
      },
    ],
  });
}

export function pausedGoal(): Story {
  return based(begun(story('paused', at(5)), 'Split the billing module', ledger)).tell(
    'goal.paused',
    {},
    act,
  );
}

export function cancelledGoal(): Story {
  return begun(story('cancel', at(50)), 'Upgrade to Postgres 17', ledger)
    .tell('goal.cancel_requested', {}, act)
    .tell('goal.concluded', {
      status: 'cancelled',
      reasons: [{ code: 'goal.cancelled', message: 'You stopped it.' }],
    });
}

export function baselineGoal(): Story {
  return begun(story('baseline', at(0.15)), 'Replace moment with Temporal', ledger).tell(
    'attempt.started',
    started('baseline-base', 'setup', 2),
  );
}

/** A log long enough that drawing it whole would be felt. */
export function longGoal(rows: number): Story {
  const told = based(begun(story('long', at(20)), 'A goal with a long history'));
  for (let index = 0; told.events.length < rows; index += 1) {
    const id = `long-${index}`;
    told
      .tell('attempt.started', started(id, 'agent', 4 + index, 'goal'))
      .tell('budget.spent', spent(id, `long-u${index}`, 900));
    for (let change = 1; change <= 47; change += 1) {
      told.tell('project.changed', { what: [`line ${change} of attempt ${index + 1}`], byOperator: true });
    }
    told.tell('attempt.failed', {
      attemptId: attemptId(id),
      fence: 4 + index,
      failure: {
        code: 'agent.stalled',
        message: 'The agent said nothing for 20 min.',
        retry: 'later',
        blame: 'agent',
      },
      evidence: [],
    });
  }
  return told;
}
