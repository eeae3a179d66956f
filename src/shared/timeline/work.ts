import type { Payload } from '../goal/events.ts';
import type { AttemptKind } from '../goal/vocabulary.ts';
import { gateRow, quote } from './gates.ts';
import type { Timeline } from './model.ts';
import { actorVerb, code, decision, dim, say } from './words.ts';
import type { Describe } from './words.ts';
import { count, duration, short } from '../units.ts';

const attemptWork: Record<AttemptKind, string> = {
  prepare: 'reads the base and its gates',
  setup: 'prepares the dependencies',
  base: 'runs the gates on base',
  agent: 'works',
  verify: 'verifies in a clean tree',
  land: 'lands the result',
};

const lostBecause: Record<Payload<'attempt.lost'>['reason'], string> = {
  host_restarted: 'omk restarted while it ran',
  lease_expired: 'no sign of life until its lease ended',
  interrupted: 'interrupted; its bytes are kept',
};

/** What attempts did: base, oracle, agents, gates, verification, landing. */
export const workRows: Pick<
  Describe,
  | 'attempt.started'
  | 'attempt.renewed'
  | 'attempt.finished'
  | 'attempt.failed'
  | 'attempt.lost'
  | 'attempt.late_report'
  | 'base.pinned'
  | 'oracle.defined'
  | 'oracle.trusted'
  | 'setup.sealed'
  | 'base.checked'
  | 'slice.committed'
  | 'slice.kept'
  | 'task.proposed'
  | 'claim.made'
  | 'candidate.verified'
  | 'proof.issued'
  | 'result.landed'
> = {
  'attempt.started': (timeline, { payload }) => [
    {
      group: 'agents',
      icon: payload.kind === 'agent' ? 'agent' : 'gate',
      head: true,
      attemptId: payload.attemptId,
      lead: payload.kind === 'agent' ? timeline.agentName : 'omk',
      spans: [dim(payload.kind === 'agent' ? agentHead(timeline, payload) : attemptWork[payload.kind])],
    },
  ],
  'attempt.renewed': () => [],
  'attempt.finished': (timeline, { at, payload }) => {
    const facts = timeline.attempts.get(payload.attemptId);
    if (facts?.kind !== 'agent') return [];
    return [
      {
        group: 'agents',
        icon: 'agent',
        attemptId: payload.attemptId,
        lead: 'Ended',
        spans: [say('its turn')],
        aside: duration(at - facts.startedAt),
        evidence: payload.evidence,
      },
    ];
  },
  'attempt.failed': (timeline, { payload }) => [
    {
      group: timeline.attempts.get(payload.attemptId)?.kind === 'verify' ? 'gates' : 'agents',
      icon: 'failure',
      tone: 'failure',
      attemptId: payload.attemptId,
      lead: 'Failed:',
      spans: [say(payload.failure.message)],
      aside: payload.failure.code,
      evidence: payload.evidence,
    },
  ],
  'attempt.lost': (_, { payload }) => [
    {
      group: 'agents',
      icon: 'lost',
      tone: payload.reason === 'interrupted' ? 'plain' : 'failure',
      attemptId: payload.attemptId,
      lead: payload.reason === 'interrupted' ? 'Stopped' : 'Lost',
      spans: [say(`the attempt: ${lostBecause[payload.reason]}`)],
      aside: `fence ${payload.fence}`,
    },
  ],
  'attempt.late_report': (_, { payload }) => [
    {
      group: 'agents',
      icon: 'note',
      attemptId: payload.attemptId,
      lead: 'Refused',
      spans: [say(`a late report, ${payload.outcome}: another attempt holds the task`)],
      aside: `fence ${payload.fence}`,
    },
  ],
  'base.pinned': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'branch',
      lead: 'Pinned',
      spans: [
        say('base '),
        code(short(payload.commit)),
        ...(payload.branch === null ? [] : [say(' of '), code(payload.branch)]),
        ...(payload.snapshot ? [say(', with your uncommitted work')] : []),
      ],
      block: payload.warnings,
    },
  ],
  'oracle.defined': (_, { payload }) => [
    {
      group: 'gates',
      icon: 'lock',
      lead: 'Fixed',
      spans: [
        say(`the oracle: ${count(payload.gates.filter((gate) => gate.selected).length, 'gate')} from `),
        say({ 'gates.toml': '.omk/gates.toml', detected: 'what was found', person: 'you' }[payload.source]),
        say(`, ${count(payload.lockedFiles, 'locked file')}`),
      ],
      aside: short(payload.digest),
      block: payload.notes,
    },
  ],
  'oracle.trusted': (_, { actor, payload }) => [
    {
      ...decision(actorVerb(actor, 'trusted'), [say('its commands as they are')]),
      aside: short(payload.digest),
    },
  ],
  'setup.sealed': (_, { payload }) => [
    ...payload.gates.map((gate) => gateRow(gate, null)),
    {
      group: 'gates',
      icon: 'lock',
      lead: 'Sealed',
      spans: [say(`the dependencies${payload.fromCache ? ', taken from an earlier goal' : ''}`)],
      aside: short(payload.digest),
    },
  ],
  'base.checked': (_, { payload }) => [
    ...payload.gates.map((gate) => gateRow(gate, null)),
    {
      group: 'gates',
      icon: 'gate',
      lead: payload.red.length === 0 ? 'Base is green' : 'Base is red',
      spans: [
        say(
          payload.red.length === 0
            ? ': no check fails before the work starts'
            : `in ${count(payload.red.length, 'check')}: what must turn green is known`,
        ),
      ],
      aside: payload.expectedTests > 0 ? count(payload.expectedTests, 'test') : payload.isolation,
      block: payload.red.slice(0, 8),
      evidence: [payload.evidence],
    },
  ],
  'slice.committed': (_, { payload }) => [
    ...(payload.summary === '' ? [] : [quote(payload.attemptId, payload.summary)]),
    {
      group: 'edits',
      icon: 'branch',
      attemptId: payload.attemptId,
      lead: 'Kept',
      spans: [say(`${count(payload.files, 'changed file')} as `), code(short(payload.commit))],
      aside: 'custody ref moved',
      block: [
        ...payload.outside.map((path) => `outside its write set, not in the commit: ${path}`),
        ...payload.ignored.map((path) => `ignored by Git, not in the commit: ${path}`),
      ],
    },
  ],
  'task.proposed': (timeline, { payload }) => [
    {
      group: 'agents',
      icon: 'note',
      attemptId: payload.attemptId,
      lead: `${timeline.agentName} proposed`,
      spans: [say(`a task: ${payload.task.title}`)],
      aside: 'proposed',
      block: payload.task.acceptance.slice(0, 8),
    },
  ],
  'claim.made': (timeline, { payload }) => [
    {
      group: 'agents',
      icon: 'note',
      attemptId: payload.attemptId,
      lead: `${timeline.agentName} reported`,
      spans: [say(payload.claim.said)],
      aside: 'its own words',
    },
  ],
  'slice.kept': (_, { payload }) => [
    {
      group: 'edits',
      icon: 'branch',
      attemptId: payload.attemptId,
      lead: 'Kept',
      spans: [say(`${count(payload.files, 'unfinished file')} as `), code(short(payload.commit))],
      aside: 'next attempt starts there',
    },
  ],
  'candidate.verified': (_, { payload }) => [
    ...payload.gates.map((gate) =>
      gateRow(gate, { commit: short(payload.commit), attemptId: payload.attemptId }),
    ),
    {
      group: 'gates',
      icon: payload.passed ? 'proof' : 'failure',
      tone: payload.passed ? 'plain' : 'failure',
      attemptId: payload.attemptId,
      lead: payload.passed ? 'Verified' : 'Not proven:',
      spans: payload.passed
        ? [
            code(short(payload.commit)),
            say(`: ${count(payload.redToGreenCount, 'check')} went from red to green`),
          ]
        : [say(payload.reasons[0]?.message ?? 'a required gate did not pass')],
      aside: payload.isolation,
      block: payload.reasons.slice(payload.passed ? 0 : 1, 8).map((reason) => reason.message),
      evidence: payload.evidence.slice(0, 20),
    },
  ],
  'proof.issued': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'proof',
      lead: 'Issued',
      spans: [say('the proof for '), code(short(payload.commit))],
      aside: short(payload.digest),
    },
  ],
  'result.landed': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'branch',
      lead: 'Landed',
      spans: [code(short(payload.commit)), say(' as '), code(payload.ref)],
      aside:
        payload.baseMovedBy === null || payload.baseMovedBy === 0
          ? ''
          : `base moved by ${count(payload.baseMovedBy, 'commit')}`,
    },
  ],
};

function agentHead(timeline: Timeline, payload: Payload<'attempt.started'>): string {
  return `${payload.taskId === null ? '' : `on ${payload.taskId}, `}attempt ${timeline.tries + 1}`;
}
