import { describe, expect, test } from 'vitest';
import { expectStatus, given } from '../testing/given.ts';
import { happyResult, openedWith, prepared } from '../testing/results.ts';
import { openGoal, World } from '../testing/world.ts';

describe('opening', () => {
  test('a goal is opened once', () => {
    given(openGoal()).when({ type: 'goal.open', opened: openedWith() }).thenRejected('goal.exists');
  });

  test('the title is the first line with text, whatever the client sent as title', () => {
    const world = openGoal({}, { text: '\n\n  Fix   the flaky\ttest \nand more', title: 'something else' });
    expect(world.goal.opened.title).toBe('Fix the flaky test');
  });

  test('a text of a megabyte is taken whole', () => {
    const text = `Fix the flaky test\n${'x'.repeat(1_000_000)}`;
    expect(openGoal({}, { text }).goal.opened.text).toHaveLength(text.length);
  });

  test('a vague goal asks before anything is done, and going on as it is goes on', () => {
    const world = openGoal({}, { text: 'Make it better' });
    expect(world.due()).toEqual([]);
    expectStatus(world, 'blocked_on_human', 'question.open');
    world.answer('goal.vague', { choice: 'proceed' });
    expect(world.due()).toEqual([{ kind: 'prepare', taskId: null }]);
  });

  test('a vague goal is refined by text, which is kept with the answer', () => {
    const world = openGoal({}, { text: 'do it' }).answer('goal.vague', { text: 'npm test has to pass' });
    expect(world.due()).toHaveLength(1);
    expect(world.goal.questions[0]?.state).toMatchObject({ type: 'answered', text: 'npm test has to pass' });
  });

  test('nothing but opening can be done with a goal that does not exist', () => {
    given(new World()).when({ type: 'goal.pause' }).thenRejected('goal.unknown');
  });
});

describe('pausing', () => {
  test('a paused goal starts nothing, and resuming goes on where it stopped', () => {
    const world = openGoal().driveTo('agent');
    given(world).when({ type: 'goal.pause' }).thenEvents('goal.paused');
    expect(world.due()).toEqual([]);
    expectStatus(world, 'paused', 'goal.paused');
    given(world).when({ type: 'goal.pause' }).thenRejected('goal.already_paused');
    given(world).when({ type: 'goal.resume' }).thenEvents('goal.resumed');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    given(world).when({ type: 'goal.resume' }).thenRejected('goal.not_paused');
  });

  test('a pause does not escape a question: it is paused first, and blocked again after', () => {
    const world = openGoal().driveTo(null);
    expectStatus(world, 'blocked_on_human');
    given(world).when({ type: 'goal.pause' }).thenStatus('paused', 'goal.paused');
    given(world).when({ type: 'goal.resume' }).thenEvents('goal.resumed', 'goal.stopped');
    expectStatus(world, 'blocked_on_human');
  });

  test('an attempt that a pause interrupted is due again and used up no try', () => {
    const world = openGoal({ maxAttempts: 1 }).driveTo('agent');
    const attempt = world.begin();
    world.must({ type: 'goal.pause' }).lose(attempt, 'interrupted');
    expectStatus(world, 'paused');
    world.must({ type: 'goal.resume' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('policy waits with a decision until the pause is over', () => {
    const world = openGoal({ accept: 'auto' }).driveTo('verify');
    const attempt = world.begin();
    world.must({ type: 'goal.pause' });
    world.finish(attempt, happyResult(world.goal, attempt));
    expect(world.goal.accepted).toBeNull();
    world.must({ type: 'goal.resume' });
    expect(world.goal.accepted?.by).toBe('policy');
  });
});

describe('cancelling', () => {
  test('a goal with nothing in flight concludes at once', () => {
    given(openGoal().driveTo('base'))
      .when({ type: 'goal.cancel' })
      .thenEvents('goal.cancel_requested', 'goal.concluded');
  });

  test('a goal concludes only when what is in flight has ended, and nothing new begins', () => {
    const world = openGoal().driveTo('agent');
    const attempt = world.begin();
    given(world).when({ type: 'goal.cancel' }).thenEvents('goal.cancel_requested');
    expectStatus(world, 'cancelled');
    expect(world.due()).toEqual([]);
    given(world).when({ type: 'goal.cancel' }).thenEvents();
    world.lose(attempt, 'interrupted');
    expect(world.types().at(-1)).toBe('goal.concluded');
    expect(world.goal.concluded?.status).toBe('cancelled');
  });

  test('open questions are withdrawn before the conclusion', () => {
    given(openGoal().driveTo(null))
      .when({ type: 'goal.cancel' })
      .thenEvents('goal.cancel_requested', 'question.withdrawn', 'goal.concluded');
  });

  test('nothing follows a conclusion', () => {
    const world = openGoal().driveTo('agent');
    const { attemptId, fence } = world.begin();
    world.must({ type: 'goal.cancel' }).lose(world.attempt(attemptId), 'interrupted');
    const ended = world.log.length;
    const commands = [
      { type: 'goal.pause' },
      { type: 'goal.resume' },
      { type: 'goal.retry' },
      { type: 'goal.cancel' },
      { type: 'goal.extend_budget', added: { timeMs: 1, tokens: null, usd: null } },
      { type: 'attempt.lose', attemptId, reason: 'host_restarted' },
      { type: 'attempt.renew', attemptId, fence },
      {
        type: 'attempt.report',
        attemptId,
        fence,
        outcome: { type: 'finished', result: prepared(), evidence: [] },
      },
    ] as const;
    for (const command of commands) given(world).when(command).thenRejected('goal.concluded');
    expect(world.log).toHaveLength(ended);
  });
});

describe('retrying', () => {
  test('a goal that works or waits for a person has nothing to retry', () => {
    given(openGoal()).when({ type: 'goal.retry' }).thenRejected('goal.not_retryable');
    given(openGoal().driveTo(null)).when({ type: 'goal.retry' }).thenRejected('goal.not_retryable');
  });

  test('a paused goal has nothing to retry', () => {
    given(openGoal().must({ type: 'goal.pause' }))
      .when({ type: 'goal.retry' })
      .thenRejected('goal.not_retryable');
  });

  test('a resume looks again at what blocked the goal from outside', () => {
    const world = openGoal();
    world.fail(world.begin(), { code: 'project.gone', blame: 'external', retry: 'ask' });
    expectStatus(world, 'blocked_on_external', 'project.gone');
    given(world).when({ type: 'goal.resume' }).thenEvents('goal.resumed');
    expect(world.due()).toEqual([{ kind: 'prepare', taskId: null }]);
  });

  test('a retry after a failure of omk itself keeps old evidence and tries again', () => {
    const world = openGoal().driveTo('verify');
    world.fail(world.begin(), { code: 'tree.not_trusted', blame: 'infra', retry: 'never' });
    expectStatus(world, 'failed_infra', 'tree.not_trusted');
    given(world).when({ type: 'goal.retry' }).thenEvents('goal.retried');
    expect(world.due()).toEqual([{ kind: 'verify', taskId: null }]);
    expect(world.goal.candidates).toHaveLength(1);
  });
});
