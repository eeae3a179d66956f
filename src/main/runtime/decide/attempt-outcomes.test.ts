import { describe, expect, test } from 'vitest';
import { AttemptId, QuestionId } from '../../../shared/kernel/ids.ts';
import { surplus } from '../plan.ts';
import { expectStatus, given } from '../testing/given.ts';
import {
  baseTree,
  digestOf,
  landed,
  oidOf,
  pinned,
  prepared,
  refuted,
  slice,
  someFailure,
  testGate,
  verified,
} from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';

const attemptId = AttemptId.parse('attempt-x');

describe('failures', () => {
  test('a failed agent is tried again until its attempts are used up', () => {
    const world = openGoal({ maxAttempts: 2 }).driveTo('agent');
    world.fail(world.begin(), {});
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.fail(world.begin(), {});
    expectStatus(world, 'not_ready', 'agent.crashed', 'attempts.used_up');
    world.must({ type: 'goal.retry' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('an agent that says it cannot is not asked again', () => {
    const world = openGoal().driveTo('agent');
    world.fail(world.begin(), { code: 'agent.cannot', retry: 'never' });
    expectStatus(world, 'not_ready', 'agent.cannot');
  });

  test('an agent that never answers its handshake is a failure of the machine after three tries', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('agent');
    const failure = { ...someFailure, code: 'agent.handshake_failed' };
    for (const _ of [1, 2]) {
      world.fail(world.begin(), failure);
      expect(world.due()).toHaveLength(1);
    }
    world.fail(world.begin(), failure);
    expectStatus(world, 'failed_infra', 'agent.handshake_failed');
  });

  test('a provider that refuses blocks the goal from outside, and no attempt is used up', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('agent');
    world.fail(world.begin(), { code: 'agent.rate_limited', blame: 'external', retry: 'ask' });
    expectStatus(world, 'blocked_on_external', 'agent.rate_limited');
    world.must({ type: 'goal.resume' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('what only a person can put right is a question', () => {
    const world = openGoal().driveTo('agent');
    world.fail(world.begin(), {
      code: 'agent.auth_required',
      blame: 'person',
      retry: 'ask',
      message: 'Sign in.',
    });
    expectStatus(world, 'blocked_on_human');
    expect(world.question('person.needed').question.context).toBe('Sign in.');
    world.answer('person.needed', { choice: 'retry' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.fail(world.begin(), { code: 'agent.auth_required', blame: 'person', retry: 'ask' });
    world.question('person.needed');
  });

  test('trouble of omk’s own that may pass is tried three times, other trouble once', () => {
    const world = openGoal();
    for (const _ of [1, 2]) world.fail(world.begin(), { code: 'git.locked', blame: 'infra', retry: 'later' });
    expect(world.due()).toHaveLength(1);
    world.fail(world.begin(), { code: 'git.locked', blame: 'infra', retry: 'later' });
    expectStatus(world, 'failed_infra', 'git.locked');
    const other = openGoal();
    other.fail(other.begin(), { code: 'artifact.disk_full', blame: 'infra', retry: 'ask' });
    expectStatus(other, 'failed_infra', 'artifact.disk_full');
  });

  test('failing setup is the outside’s fault, never the agent’s', () => {
    const world = openGoal();
    world.finish(
      world.begin(),
      prepared({ gates: [testGate, { ...testGate, name: 'install', kind: 'setup' }] }),
    );
    expect(world.due()).toEqual([{ kind: 'setup', taskId: null }]);
    world.fail(world.begin(), { code: 'setup.failed', blame: 'external', retry: 'ask' });
    expectStatus(world, 'blocked_on_external', 'setup.failed');
  });

  test('a candidate that cannot be verified by its own doing counts as failed', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('verify');
    world.fail(world.begin(), { code: 'tree.unwritable', blame: 'agent', retry: 'never' });
    expectStatus(world, 'not_ready', 'tree.unwritable', 'attempts.used_up');
  });
});

describe('losses', () => {
  test('a restart loses nothing but time: the same thing is due again and no try is used up', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('agent');
    world.lose(world.begin());
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('five losses in a row are not believed to be chance', () => {
    const world = openGoal();
    for (const _ of [1, 2, 3, 4]) world.lose(world.begin());
    expect(world.due()).toHaveLength(1);
    world.lose(world.begin());
    expectStatus(world, 'failed_infra', 'attempt.lost_repeatedly');
  });

  test('interruptions by a person are not losses', () => {
    const world = openGoal();
    for (const _ of [1, 2, 3, 4, 5, 6]) world.lose(world.begin(), 'interrupted');
    expect(world.due()).toHaveLength(1);
  });

  test('an attempt is lost once', () => {
    const world = openGoal();
    const attempt = world.begin();
    world.lose(attempt);
    given(world)
      .when({ type: 'attempt.lose', attemptId: attempt.attemptId, reason: 'host_restarted' }, 'host')
      .thenRejected('attempt.fenced');
    given(world)
      .when({ type: 'attempt.lose', attemptId, reason: 'host_restarted' }, 'host')
      .thenRejected('attempt.unknown');
  });

  test('bytes of an interrupted agent are kept for the next attempt until something is committed', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId: id } = world.begin();
    const kept = {
      commit: oidOf('half'),
      tree: oidOf('half tree'),
      files: 1,
      custodyRef: 'refs/omk/custody/1',
    };
    given(world)
      .when({ type: 'attempt.lose', attemptId: id, reason: 'interrupted', kept }, 'host')
      .thenEvents('slice.kept', 'attempt.lost');
    expect(world.goal.kept?.commit).toBe(oidOf('half'));
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.deliver('fix');
    expect(world.goal.kept).toBeNull();
  });
});

describe('candidates', () => {
  test('a failed verification sends the agent back to work', () => {
    const world = openGoal().deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('no attempt left: not ready, with what the gates said', () => {
    const world = openGoal({ maxAttempts: 1 }).deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    expectStatus(world, 'not_ready', 'gate.failed', 'attempts.used_up');
  });

  test('the same refused tree again is no progress', () => {
    const world = openGoal().deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    world.deliver('wrong');
    expectStatus(world, 'not_ready', 'slice.no_progress', 'gate.failed');
  });

  test('after a retry the same tree is verified again', () => {
    const world = openGoal({ maxAttempts: 1 }).deliver('wrong');
    world.finish(world.begin(), refuted(world.goal));
    world.must({ type: 'goal.retry' }).deliver('wrong');
    expect(world.due()).toEqual([{ kind: 'verify', taskId: null }]);
  });

  test('a breach is not ready even when every gate passed', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('verify');
    const finding = {
      rule: 'secret.key',
      severity: 'blocker',
      effect: 'breach',
      file: 'a.ts',
      line: 3,
      message: 'A key.',
    } as const;
    world.finish(world.begin(), verified(world.goal, { findings: [finding] }));
    expectStatus(world, 'not_ready', 'policy.breach', 'attempts.used_up');
  });

  test('a required gate that did not run is not a pass, whatever the verification says of itself', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('verify');
    world.finish(world.begin(), verified(world.goal, { gates: [] }));
    expectStatus(world, 'not_ready', 'gate.missing', 'attempts.used_up');
  });

  test('a result without a change is never verified, and red checks on base make it not ready', () => {
    const world = openGoal({ maxAttempts: 2 }).deliver('nothing');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.deliver('nothing');
    expect(world.goal.candidates.at(-1)?.tree).toBe(baseTree);
    expectStatus(world, 'not_ready', 'slice.empty', 'attempts.used_up');
  });

  test('what an agent was cut off from is verified without another token', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId: id, fence } = world.begin();
    world.must(
      {
        type: 'attempt.report',
        attemptId: id,
        fence,
        outcome: {
          type: 'failed',
          failure: {
            code: 'budget.tokens_exhausted',
            message: 'The token budget ended.',
            retry: 'ask',
            blame: 'person',
          },
          evidence: [digestOf('transcript')],
          slice: slice('half').slice,
        },
      },
      'host',
    );
    expect(world.due()).toEqual([{ kind: 'verify', taskId: null }]);
    world.finish(world.begin(), refuted(world.goal));
    expectStatus(world, 'needs_more_budget', 'budget.tokens_exhausted');
    world.must({ type: 'goal.extend_budget', added: { timeMs: null, tokens: 10, usd: null } });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });
});

describe('preparing', () => {
  test('gates that cannot be read are asked about, never guessed', () => {
    const world = openGoal();
    world.finish(world.begin(), {
      kind: 'prepare_unreadable',
      base: pinned(),
      message: 'Line 3 of .omk/gates.toml.',
    });
    expectStatus(world, 'blocked_on_human');
    world.answer('gates.unreadable', { choice: 'retry' });
    expect(world.due()).toEqual([{ kind: 'prepare', taskId: null }]);
    world.finish(world.begin(), { kind: 'prepare_unreadable', base: pinned(), message: 'Line 4.' });
    expect(world.question('gates.unreadable').question.context).toContain('Line 4.');
  });
});

describe('surplus', () => {
  test('what is wanted is not surplus; what a pause or a cancel made pointless is', () => {
    const world = openGoal().driveTo('agent');
    const attempt = world.begin();
    expect(surplus(world.state)).toEqual([]);
    world.must({ type: 'goal.pause' });
    expect(surplus(world.state)).toEqual([world.attempt(attempt.attemptId)]);
    world.must({ type: 'goal.resume' });
    expect(surplus(world.state)).toEqual([]);
    world.must({ type: 'goal.cancel' });
    expect(surplus(world.state)).toHaveLength(1);
  });

  test('a live attempt goes on while its own question is open', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId: id, fence } = world.begin();
    const { question } = openGoal().driveTo(null).question('acceptance');
    world.must(
      {
        type: 'question.ask',
        questionId: QuestionId.parse('question-1'),
        attemptId: id,
        fence,
        question: { ...question, kind: 'approval' },
      },
      'agent',
    );
    expect(surplus(world.state)).toEqual([]);
    expectStatus(world, 'running');
  });

  test('landing twice lands once', () => {
    const world = openGoal({ accept: 'auto' }).driveTo('land');
    const attempt = world.begin();
    world.lose(attempt);
    world.finish(world.begin(), landed(world.goal));
    expectStatus(world, 'ready', 'result.landed');
    expect(world.types().filter((type) => type === 'goal.concluded')).toHaveLength(1);
  });
});
