import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkedBase, digestOf, gateRecord, slice, verified } from '../../main/runtime/testing/results.ts';
import { openGoal } from '../../main/runtime/testing/world.ts';
import type { World } from '../../main/runtime/testing/world.ts';
import { provenWorld } from '../../../test/proven-goal.ts';
import { goalFiles } from '../export/files.ts';
import { buildProof, sealText } from './build.ts';
import type { Proof } from './build.ts';
import { evidenceOf } from './evidence.ts';
import { knownGaps } from './gaps.ts';
import { proofMarkdown } from './markdown.ts';
import { proofStatements } from './statements.ts';

function proofOf(world: World): Proof {
  const built = buildProof(world.goal, { hashes: world.log.map((_, at) => `hash-${at}`), omk: '1.0.0' });
  return { ...built, seal: digestOf(sealText(built)) };
}
const toVerification = (policy: Parameters<typeof openGoal>[0] = {}): World =>
  openGoal(policy).driveTo('verify');

describe('the proof', () => {
  it('says beside its isolation level that the home of the user lay open', () => {
    const world = provenWorld();
    const agent = { ...world.goal.opened.agent, home: 'user' } as const;
    const goal = { ...world.goal, opened: { ...world.goal.opened, agent } };
    const built = buildProof(goal, { hashes: [], omk: '1.0.0' });
    expect(built.verified?.isolation.note).toMatch(/User home exposed/);
    expect(built.known_gaps.join('\n')).toMatch(/User home exposed/);
  });

  it('is the same for the same log, and has the reference’s fields', () => {
    const world = provenWorld();
    expect(proofOf(world)).toEqual(proofOf(world));
    expect(proofOf(world)).toMatchObject({
      version: 1,
      goal_id: world.goal.goalId,
      status: 'ready',
      readiness: expect.stringMatching(/passed verification/),
      summary: expect.stringMatching(/1 of 1 required gates passed/),
      artifacts: expect.arrayContaining([expect.objectContaining({ kind: 'proof', path: 'proof.json' })]),
      task_graph_summary: { total_tasks: 1, pending_tasks: 0, blocked_tasks: 0, done_tasks: 1 },
      integration_evidence: { status: 'accepted', missing_evidence: [] },
      review_artifacts: [],
      changed_files: [],
      commits: [world.goal.landed?.commit],
      git: { branch: 'main' },
      gates: [
        {
          name: 'unit tests',
          passed: true,
          stdout: '',
          stderr: '',
          required: true,
          command_line: 'npm test',
          exit_code: 0,
          timed_out: false,
          timeout_secs: 600,
          circuit_breaker_open: false,
        },
      ],
      post_mutation_gates_ran: true,
      known_gaps: expect.any(Array),
      human_decisions_required: [],
    });
  });

  it('says of a rejected result who rejected it and why', () => {
    const world = toVerification();
    world.driveTo(null);
    world.must({ type: 'goal.reject', mode: 'conclude', reason: 'Wrong approach.', comments: [] });
    expect(proofOf(world)).toMatchObject({
      status: 'not_ready',
      artifacts: expect.arrayContaining([
        expect.objectContaining({ kind: 'integration_rollback_plan', path: 'rollback-rejected-slice.md' }),
      ]),
      integration_evidence: {
        status: 'rejected',
        summary: 'Wrong approach.',
        missing_evidence: ['Wrong approach.'],
      },
    });
  });

  it('never says ready of what was not accepted and landed', () => {
    for (const stopAt of ['verify', null] as const)
      expect(proofOf(openGoal().driveTo(stopAt)).status).not.toBe('ready');
  });
});

describe('known gaps', () => {
  const gapsWith = (o: Parameters<typeof verified>[1]) => {
    const world = toVerification();
    world.finish(world.begin(), verified(world.goal, o));
    return knownGaps(world.goal).join('\n');
  };
  it('name what the proof does not show', () => {
    expect(knownGaps(openGoal().goal)).toEqual(['Nothing was verified yet.']);
    expect(gapsWith({})).toMatch(/No independent probe/);
    expect(gapsWith({ gates: [gateRecord({ runs: 1 })] })).toMatch(/unit tests: 1 run\./);
    expect(gapsWith({ gates: [gateRecord({ parsed: false })] })).toMatch(/only its exit code counts/);
    expect(gapsWith({ gates: [gateRecord({ outcome: 'skipped', required: false })] })).toMatch(
      /was skipped. Not a pass/,
    );
    expect(gapsWith({ isolation: 'L0', isolationNote: 'No namespaces.' })).toMatch(
      /Isolation L0: No namespaces\.\nOperator channel not isolated: [^\n]*\nState directory open to agents/,
    );
    const { goal } = provenWorld();
    const change = { what: [], byOperator: false, breach: ['hooks'], at: 1, version: 1 };
    expect(knownGaps({ ...goal, projectChanges: [change] }).join('\n')).toMatch(/project’s hooks changed/);
    const agent = { ...goal.opened.agent, home: 'user' } as const;
    const exposed = { ...goal, opened: { ...goal.opened, agent } };
    expect(knownGaps(goal).join('\n')).not.toMatch(/exposed/);
    expect(knownGaps(exposed).join('\n')).toMatch(/User home exposed: .* read and change all/);
    expect(gapsWith({ onlyOwnTests: true })).toMatch(/Only tests the agent wrote/);
    expect(
      gapsWith({ sections: [{ name: 'performance', state: 'not_assessed', note: 'No gate measures it.' }] }),
    ).toMatch(/Performance review: not assessed. No gate measures it./);
    expect(gapsWith({ gates: [gateRecord({ kind: 'probe' })] })).not.toMatch(/No independent probe/);
  });
});

describe('evidence', () => {
  it('is everything the log refers to, once, and nothing that is no evidence', () => {
    const world = provenWorld();
    expect([...evidenceOf(world.log)].toSorted()).toEqual(
      ['gate output', 'base run', 'verification', 'diff'].map(digestOf).toSorted(),
    );
  });

  it('includes transcripts, setup, and what reasons point to', () => {
    const world = openGoal();
    world.driveTo('base');
    world.finish(world.begin(), checkedBase());
    const attempt = world.begin();
    world.must(
      {
        type: 'attempt.report',
        attemptId: attempt.attemptId,
        fence: attempt.fence,
        outcome: { type: 'finished', result: slice('fix'), evidence: [digestOf('transcript')] },
      },
      'host',
    );
    expect(evidenceOf(world.log)).toContain(digestOf('transcript'));
  });
});

/** in-toto Attestation Framework: Statement v1 and the Test Result predicate v0.1, as their specifications have them. */
const DigestSet = z
  .record(z.string(), z.string().regex(/^[0-9a-f]+$/))
  .refine((one) => Object.keys(one).length > 0);
const ResourceDescriptor = z.strictObject({
  name: z.string().optional(),
  digest: DigestSet,
  annotations: z.record(z.string(), z.unknown()).optional(),
});
const Statement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(ResourceDescriptor).min(1),
  predicateType: z.string().regex(/^(?:https:\/\/|urn:)/),
  predicate: z.record(z.string(), z.unknown()),
});
const TestResult = z.strictObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(ResourceDescriptor).min(1),
  passedTests: z.array(z.string()).optional(),
  warnedTests: z.array(z.string()).optional(),
  failedTests: z.array(z.string()).optional(),
});

describe('statements', () => {
  it('are in-toto: one test result a gate and one verdict, about the verified commit and tree', () => {
    const world = provenWorld();
    const lines = proofStatements(proofOf(world)).trimEnd().split('\n');
    const statements = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const { verified: part } = proofOf(world);
    const subject = [
      { name: 'commit', digest: { gitCommit: part?.result.commit } },
      { name: 'tree', digest: { gitTree: part?.result.tree } },
    ];
    expect(statements).toMatchObject([
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject,
        predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
        predicate: {
          result: 'PASSED',
          configuration: [{ name: 'unit tests', annotations: { argv: ['npm', 'test'], cwd: '', runs: 2 } }],
        },
      },
      { subject, predicateType: 'urn:omk:verdict:v1', predicate: { status: 'ready' } },
    ]);
    for (const statement of statements) Statement.parse(statement);
    TestResult.parse(statements[0]?.['predicate']);
  });
  it('name what failed, as the specification wants it', () => {
    const world = toVerification();
    const failed = gateRecord({ outcome: 'failed', failedTests: ['a > b'] });
    world.finish(world.begin(), verified(world.goal, { passed: false, gates: [failed] }));
    const [first = ''] = proofStatements(proofOf(world)).split('\n');
    const { predicate } = Statement.parse(JSON.parse(first));
    expect(TestResult.parse(predicate)).toMatchObject({ result: 'FAILED', failedTests: ['a > b'] });
  });
});

describe('exported documents', () => {
  const attack =
    '<script>alert(1)</script> [x](javascript:1) ![i](http://e.example/p)\n# not a heading\n```\n| a |\u001b[31m\u202e';

  it('hold hostile text of every origin without letting it become markup', () => {
    const world = openGoal({}, { text: attack, project: { path: '/p', name: attack, subfolder: attack } });
    world.driveTo('agent');
    const { slice: made } = slice('fix');
    world.finish(world.begin(), {
      kind: 'agent',
      slice: { ...made, summary: `All tests pass ${attack.replace('\n', ' ')}.` },
    });
    world.finish(
      world.begin(),
      verified(world.goal, {
        redToGreen: [attack],
        isolationNote: attack,
        findings: [
          { rule: attack, severity: 'note', effect: 'none', file: attack, line: 3, message: attack },
        ],
      }),
    );
    const files = goalFiles(
      {
        state: world.goal,
        events: world.log,
        hashed: world.log,
        hashes: world.log.map(() => 'h'),
        proof: proofOf(world),
      },
      '/p',
    );
    for (const [name, text] of files.filter(([name]) => name.endsWith('.md'))) {
      for (const acting of ['\u001b', '\u202e']) expect(text, name).not.toContain(acting);
      // Outside code there is no tag, no link and no heading but omk's own.
      const prose = text
        .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
        .replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
      expect(prose, name).not.toMatch(/(?<!\\)<|(?<!\\)\]\(|(?<!\\)!\[|(?<!\\):\/\//);
      expect(prose, name).not.toMatch(/^# not a heading/m);
    }
    expect(files.map(([name]) => name)).toContain('prd.md');
    expect(proofMarkdown(proofOf(world))).toContain('\\<script\\>');
  });

  it('are JSON that ends in a line feed, and JSON Lines without blank ones', () => {
    const world = provenWorld();
    const files = goalFiles(
      {
        state: world.goal,
        events: world.log,
        hashed: world.log,
        hashes: world.log.map(() => 'h'),
        proof: proofOf(world),
      },
      '/p',
    );
    expect(files.at(0)?.[0]).toBe('events.jsonl');
    expect(files.at(-1)?.[0]).toBe('goal.json');
    for (const [name, text] of files) {
      expect(text.endsWith('\n'), name).toBe(true);
      if (name.endsWith('.json')) expect(() => JSON.parse(text) as unknown).not.toThrow();
      if (name.endsWith('.jsonl'))
        for (const line of text.trimEnd().split('\n'))
          expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    expect(JSON.parse(files.at(-1)?.[1] ?? '')).toMatchObject({
      log_version: world.log.length,
      state_dir: '/p',
    });
  });
});
