import { describe, expect, test } from 'vitest';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { expectStatus, given } from '../testing/given.ts';
import { checkedBase, digestOf, pinned, prepared, testGate, verified } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import type { World } from '../testing/world.ts';

const saying = (world: World, text: string) =>
  ({
    type: 'question.answer',
    questionId: world.question('gates.missing').questionId,
    choice: null,
    text,
    digest: null,
  }) as const;

describe('trust', () => {
  test('the exact commands are shown, and nothing runs before they are trusted', () => {
    const world = openGoal({ trustGates: false });
    world.finish(
      world.begin(),
      prepared({ gates: [{ ...testGate, argv: ['npm', 'run', 'a b'], script: 'vitest run' }] }),
    );
    expect(world.due()).toEqual([]);
    expect(world.question('gates.trust').question.subject).toBe("unit tests: npm run 'a b'\n    vitest run");
    world.answer('gates.trust', { choice: 'trust' });
    expect(world.due()).toEqual([{ kind: 'base', taskId: null }]);
  });

  test('what the person trusted in the form is trusted when base has exactly that', () => {
    const same = openGoal({ trustGates: false }, { trustedDigest: digestOf('oracle') }).driveTo('base');
    expect(same.goal.trustedDigest).toBe(digestOf('oracle'));
    const other = openGoal({ trustGates: false }, { trustedDigest: digestOf('another oracle') }).driveTo(
      null,
    );
    other.question('gates.trust');
  });

  test('commands that the person typed need no second trust', () => {
    const typed = { gates: { added: [testGate], selection: {} } };
    expect(openGoal({ trustGates: false }, typed).driveTo('base').goal.questions).toEqual([]);
    const more = openGoal({ trustGates: false }, typed);
    more.finish(more.begin(), prepared({ gates: [testGate, { ...testGate, name: 'found' }] }));
    more.question('gates.trust');
  });
});

describe('missing gates', () => {
  const without = (gates: GateSpec[] = []) => {
    const world = openGoal({ trustGates: false });
    return world.finish(world.begin(), prepared({ gates }));
  };

  test('a project without gates asks how anybody will know, and a command becomes a trusted gate', () => {
    const world = without();
    expectStatus(world, 'blocked_on_human');
    world.answer('gates.missing', { text: 'npm test -- --grep "two words"' });
    expect(world.goal.oracle).toMatchObject({ source: 'person' });
    expect(world.goal.oracle?.gates[0]).toMatchObject({
      argv: ['npm', 'test', '--', '--grep', 'two words'],
      kind: 'check',
    });
    expect(world.goal.oracle?.digest).not.toBe(digestOf('oracle'));
    expect(world.due()).toEqual([{ kind: 'base', taskId: null }]);
  });

  test('what only a shell can do is refused, not run as something else', () => {
    const world = without();
    given(world).when(saying(world, 'npm test | tee log')).thenRejected('question.text_required');
    given(world).when(saying(world, '"unclosed')).thenRejected('question.text_required');
    world.question('gates.missing');
  });

  test('gates that are switched off or only set up prove nothing', () => {
    without([{ ...testGate, selected: false }]).question('gates.missing');
    const setup = without([{ ...testGate, name: 'install', kind: 'setup', argv: ['npm', 'ci'] }]);
    expect(setup.question('gates.missing').question.subject).toContain('install: npm ci');
  });

  test('a typed command never takes the name of another gate', () => {
    const world = without([{ ...testGate, name: 'npm test', selected: false }]);
    world.answer('gates.missing', { text: 'npm   test' });
    expect(world.goal.oracle?.gates.map((one) => one.name)).toEqual(['npm test', 'npm test (2)']);
  });
});

describe('before the agent begins', () => {
  test('uncommitted changes in tests or gates are asked about first', () => {
    const world = openGoal();
    world.finish(
      world.begin(),
      prepared({ warnings: ['Uncommitted changes in tests or gates: test/a.test.ts.'] }),
    );
    expect(world.due()).toEqual([]);
    world.answer('base.dirty', { choice: 'proceed' });
    expect(world.due()).toEqual([{ kind: 'base', taskId: null }]);
  });

  test('other warnings are only shown', () => {
    const world = openGoal();
    world.finish(world.begin(), prepared({ warnings: ['3 files differ from HEAD.'] }));
    expect(world.due()).toEqual([{ kind: 'base', taskId: null }]);
  });

  test('the plan is one slice that the gates accept, and the person may say more with the start', () => {
    const world = openGoal({ yesPlan: false }).driveTo(null);
    expect(world.question('plan.approve').question.subject).toContain('unit tests passes: npm test');
    world.answer('plan.approve', { text: 'Leave the public API alone' });
    expect(world.goal.tasks).toHaveLength(1);
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('a base on which everything is green is no reason to stop', () => {
    const world = openGoal().driveTo('base');
    world.finish(world.begin(), checkedBase([]));
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });
});

describe('an empty result on a green base', () => {
  const empty = () => {
    const world = openGoal({ maxAttempts: 2 }).driveTo('base');
    world.finish(world.begin(), checkedBase([]));
    return world.deliver('nothing').deliver('nothing');
  };

  test('asks whether anything is left to do, and concludes as not ready', () => {
    const world = empty();
    expectStatus(world, 'blocked_on_human');
    world.answer('diff.empty', { choice: 'conclude' });
    expect(world.goal.concluded).toMatchObject({ status: 'not_ready' });
  });

  test('takes another instruction as another wave', () => {
    const world = empty();
    world.answer('diff.empty', { text: 'Add the missing test' });
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    world.deliver('nothing').deliver('nothing');
    world.question('diff.empty');
  });

  test('policy never concludes it', () => {
    const world = openGoal({ maxAttempts: 1, accept: 'auto' }).driveTo('base');
    world.finish(world.begin(), checkedBase([]));
    world.deliver('nothing').question('diff.empty');
  });
});

describe('questions about a result', () => {
  const judged = (o: Parameters<typeof verified>[1], policy = {}) => {
    const world = openGoal(policy).driveTo('verify');
    return world.finish(world.begin(), verified(world.goal, o));
  };
  const finding = {
    rule: 'path.link',
    severity: 'blocker',
    effect: 'question',
    file: 'a',
    line: null,
    message: 'A link.',
  } as const;

  test('nothing red became green: how will we know?', () => {
    const world = judged({ redToGreenCount: 0, redToGreen: [] }, { accept: 'auto' });
    expectStatus(world, 'blocked_on_human');
    world.answer('red_to_green.missing', { choice: 'accept_risk' });
    expect(world.goal.accepted).toBeNull();
    world.answer('acceptance', { choice: 'accept' });
    expect(world.goal.accepted?.by).toBe('operator');
  });

  test('only the agent’s own tests became green: the same question', () => {
    judged({ onlyOwnTests: true }, { accept: 'auto' }).question('red_to_green.missing');
  });

  test('a refactoring that a person declared needs nothing to turn green', () => {
    judged({ redToGreenCount: 0, redToGreen: [] }, { kind: 'refactor' }).question('acceptance');
  });

  test('a finding for a person is asked about and bound to this verification', () => {
    const world = judged({ findings: [finding] }, { maxAttempts: 1 });
    expect(world.question('policy.finding').question.subject).toContain('path.link: a: A link.');
    world.answer('policy.finding', { choice: 'allow' });
    world.question('acceptance');
    const back = judged({ findings: [finding] }, { maxAttempts: 1 });
    back.answer('policy.finding', { choice: 'send_back' });
    expect(back.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
    expect(back.goal.rejections[0]?.reason).toContain('a');
  });

  test('an approved oracle is verified again with its new bytes', () => {
    const proposedOracle = digestOf('their oracle');
    const world = judged({
      proposedOracle,
      lockedChanged: ['test/a.test.ts'],
      lockedPatch: '-1\n+2\n',
    });
    expect(world.question('oracle.changed').question.subject).toContain('-1\n+2');
    expect(world.question('oracle.changed').question.choices[0]?.label).toBe(
      'Approve the change of 1 locked file',
    );
    world.answer('oracle.changed', { choice: 'approve' });
    expect(world.goal.approvedOracles).toEqual([expect.objectContaining({ digest: proposedOracle })]);
    expect(world.due()).toEqual([{ kind: 'verify', taskId: null }]);
    world.finish(world.begin(), verified(world.goal, { proposedOracle, oracleDigest: proposedOracle }));
    world.question('acceptance');
  });

  test('another change of the oracle asks again', () => {
    const world = judged({ proposedOracle: digestOf('one') });
    world.answer('oracle.changed', { choice: 'approve' });
    world.finish(world.begin(), verified(world.goal, { proposedOracle: digestOf('two') }));
    world.question('oracle.changed');
  });

  test('an oracle change that is sent back goes to the agent with the files named', () => {
    const world = judged({ proposedOracle: digestOf('one'), lockedChanged: ['vitest.config.ts'] });
    world.answer('oracle.changed', { choice: 'send_back' });
    expect(world.goal.rejections[0]?.reason).toContain('vitest.config.ts');
    expect(world.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('red with the base oracle is a question where the oracle of the slice is proposed, a breach never', () => {
    const red = {
      passed: false,
      reasons: [{ code: 'gate.failed', message: 'Golden differs.' }],
      proposedOracle: digestOf('one'),
    };
    judged(red).question('oracle.changed');
    const breach = judged({ ...red, findings: [{ ...finding, effect: 'breach' }] });
    expect(breach.due()).toEqual([{ kind: 'agent', taskId: 'slice-1' }]);
  });

  test('a refused landing keeps the proof, and is tried again or concluded', () => {
    const world = openGoal({ accept: 'auto' }).driveTo('land');
    world.fail(world.begin(), {
      code: 'landing.branch_exists',
      blame: 'person',
      retry: 'ask',
      message: 'The branch exists.',
    });
    expectStatus(world, 'blocked_on_human');
    world.answer('landing.refused', { choice: 'retry' });
    expect(world.due()).toEqual([{ kind: 'land', taskId: null }]);
    world.fail(world.begin(), { code: 'landing.branch_exists', blame: 'person', retry: 'ask' });
    world.answer('landing.refused', { choice: 'conclude' });
    expect(world.goal.concluded?.status).toBe('not_ready');
    expect(world.goal.verifications).toHaveLength(1);
  });
});

test('an unreadable gates file with warnings still pins what was found', () => {
  const world = openGoal();
  world.finish(world.begin(), {
    kind: 'prepare_unreadable',
    base: pinned(['Shallow history.']),
    message: 'Bad.',
  });
  expect(world.goal.base?.warnings).toEqual(['Shallow history.']);
});
