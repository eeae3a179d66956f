import { describe, expect, test } from 'vitest';
import type { GoalCommand } from '../../../shared/goal/commands.ts';
import { QuestionId } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { expectStatus, given } from '../testing/given.ts';
import { approvalQuestion } from '../testing/questions.ts';
import { digestOf } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

type Answer = Extract<GoalCommand, { type: 'question.answer' }>;
const answer = (world: World, o: Partial<Answer> = {}): Answer => ({
  type: 'question.answer',
  questionId: world.goal.questions.at(-1)?.questionId ?? QuestionId.parse('question-none'),
  choice: null,
  text: null,
  digest: null,
  ...o,
});

const asking = (world: World, id = 'question-1'): Extract<GoalCommand, { type: 'question.ask' }> => {
  const attempt = world.goal.attempts.at(-1);
  if (!attempt) throw new Error('Nothing was begun.');
  return {
    type: 'question.ask',
    questionId: QuestionId.parse(id),
    attemptId: attempt.attemptId,
    fence: attempt.fence,
    question: approvalQuestion,
  };
};

describe('answering', () => {
  const waiting = () => openGoal().driveTo(null);

  test('the digest of a question is over exactly what is asked', () => {
    const { digest, ...asked } = waiting().question('acceptance').question;
    expect(digest).toBe(digestOf(canonicalJson(asked)));
  });

  test('an unknown question is refused with the one that is open', () => {
    const world = waiting();
    const refused = world.send(
      answer(world, { questionId: QuestionId.parse('question-x'), choice: 'accept' }),
    );
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'question.unknown', current: world.question('acceptance').questionId },
    });
  });

  test('a question is answered once', () => {
    const world = waiting();
    const said = answer(world, { choice: 'accept' });
    world.must(said);
    given(world).when(said).thenRejected('question.already_answered');
  });

  test('a question that is not the one the person saw is refused', () => {
    const world = waiting();
    given(world)
      .when(answer(world, { choice: 'accept', digest: digestOf('other') }))
      .thenRejected('question.changed');
  });

  test('a choice that was not offered is refused', () => {
    const world = waiting();
    given(world)
      .when(answer(world, { choice: 'cancel' }))
      .thenRejected('question.choice_unknown');
  });

  test('several choices are an answer only where the question takes several', () => {
    const world = openGoal().driveTo('agent');
    world.begin();
    const choices = ['a', 'b', 'c'].map((id) => ({ id, label: id }));
    const question = { ...approvalQuestion, choices, defaultChoice: null };
    const one = given(world.must({ ...asking(world), question }, 'agent'));
    one.when(answer(world, { choice: 'a,c' })).thenRejected('question.choice_unknown');
    const several = { ...question, multi: true as const };
    const both = given(world.must({ ...asking(world, 'question-2'), question: several }, 'agent'));
    both.when(answer(world, { choice: 'a,d' })).thenRejected('question.choice_unknown');
    both.when(answer(world, { choice: 'a,c' })).thenEvents('question.answered');
  });

  test('saying nothing is no answer, and neither is text where only a choice is asked', () => {
    const world = waiting();
    given(world).when(answer(world)).thenRejected('question.text_required');
    given(world)
      .when(answer(world, { text: '  ' }))
      .thenRejected('question.text_required');
    const trust = openGoal({ trustGates: false }).driveTo(null);
    given(trust)
      .when(answer(trust, { text: 'yes' }))
      .thenRejected('question.text_required');
  });

  test('cancelling by an answer cancels the goal', () => {
    const world = openGoal({ trustGates: false }).driveTo(null);
    given(world)
      .when(answer(world, { choice: 'cancel' }))
      .thenEvents('question.answered', 'goal.cancel_requested', 'goal.concluded');
  });

  test('an answer is taken while the goal is paused', () => {
    const world = openGoal({ trustGates: false }).driveTo(null).must({ type: 'goal.pause' });
    given(world)
      .when(answer(world, { choice: 'trust' }))
      .thenEvents('question.answered', 'oracle.trusted');
    expect(world.due()).toEqual([]);
    world.must({ type: 'goal.resume' });
    expect(world.due()).toEqual([{ kind: 'base', taskId: null }]);
  });
});

describe('questions of a live agent', () => {
  const asked = () => {
    const world = openGoal().driveTo('agent');
    world.begin();
    return world.must(asking(world), 'agent');
  };

  test('block their attempt, not the goal, and get omk’s digest', () => {
    const world = asked();
    expectStatus(world, 'running');
    const { digest, ...question } = world.question('approval').question;
    expect(question.blocks).toBe('attempt');
    expect(digest).toBe(digestOf(canonicalJson(question)));
    given(world).when(asking(world), 'agent').thenEvents();
  });

  test('are refused from an attempt that has ended', () => {
    const world = openGoal().driveTo('agent');
    world.begin();
    const command = asking(world);
    world.lose(world.attempt(command.attemptId));
    given(world).when(command, 'agent').thenRejected('attempt.fenced');
  });

  test('are withdrawn when their attempt ends or the agent takes them back', () => {
    const world = asked();
    world.lose(world.attempt(asking(world).attemptId));
    expect(world.goal.questions[0]?.state.type).toBe('withdrawn');
    const back = asked();
    const { questionId } = back.question('approval');
    given(back)
      .when({ type: 'question.withdraw', questionId, reason: 'Not needed.' }, 'agent')
      .thenEvents('question.withdrawn');
    given(back).when({ type: 'question.withdraw', questionId, reason: 'Not needed.' }, 'agent').thenEvents();
  });

  test('stay open when their attempt was parked, block the goal, and their answer lets it go on', () => {
    const world = asked();
    world.lose(world.attempt(asking(world).attemptId), 'interrupted');
    expect(world.due()).toEqual([]);
    expectStatus(world, 'blocked_on_human', 'question.open');
    world.answer('approval', { choice: 'once' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('a question of the goal itself cannot be taken back by an agent', () => {
    const world = openGoal().driveTo(null);
    const { questionId } = world.question('acceptance');
    given(world)
      .when({ type: 'question.withdraw', questionId, reason: 'x' }, 'agent')
      .thenRejected('question.unknown');
  });

  test('an agent cannot ask what only omk asks', () => {
    const world = openGoal().driveTo('agent');
    const command = asking(world);
    expect(() =>
      world.send({ ...command, question: { ...approvalQuestion, kind: 'acceptance' } }, 'agent'),
    ).toThrow('Only omk itself asks such a question.');
  });
});
