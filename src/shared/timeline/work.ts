import type { Payload } from '../goal/events.ts';
import { levelWords } from '../goal/user-home.ts';
import { drivesAgent } from '../goal/vocabulary.ts';
import type { AttemptKind, Remark } from '../goal/vocabulary.ts';
import { gateRow, quote } from './gates.ts';
import type { Timeline } from './model.ts';
import { actorVerb, code, decision, dim, say } from './words.ts';
import type { Describe } from './words.ts';
import { count, duration, short } from '../units.ts';

const attemptWork: Record<AttemptKind, string> = {
  prepare: 'reads the base and its gates',
  setup: 'prepares the dependencies',
  base: 'runs the gates on base',
  plan: 'reads the project and plans',
  agent: 'works',
  verify: 'verifies in a clean tree',
  review: 'reads the diff for a second opinion',
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
  | 'conversation.opened'
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
  | 'review.received'
  | 'proof.issued'
  | 'result.landed'
> = {
  'attempt.started': (timeline, { payload }) => [
    {
      group: 'agents',
      icon: drivesAgent(payload.kind) ? 'agent' : 'gate',
      head: true,
      attemptId: payload.attemptId,
      lead: drivesAgent(payload.kind) ? timeline.agentName : 'omk',
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
      // The goal goes on without a plan or an opinion of the agent's.
      ...(isExtra(timeline, payload.attemptId)
        ? { icon: 'note', tone: 'plain' }
        : { icon: 'failure', tone: 'failure' }),
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
  // The first prompt of a conversation is what an attempt is; going on with one is worth saying.
  'conversation.opened': (_, { payload }) =>
    payload.prompt === 1
      ? []
      : [
          {
            group: 'agents',
            icon: 'agent',
            attemptId: payload.attemptId,
            lead: 'Goes on',
            spans: [say('with what it remembers of the attempt before')],
            aside: `prompt ${payload.prompt}`,
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
  'candidate.verified': (timeline, { payload }) => [
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
      aside: levelWords(payload.isolation, { home: timeline.agentHome }),
      block: payload.reasons.slice(payload.passed ? 0 : 1, 8).map((reason) => reason.message),
      evidence: payload.evidence.slice(0, 20),
    },
  ],
  'review.received': (_, { payload }) => [
    {
      group: 'agents',
      icon: 'agent',
      attemptId: payload.attemptId,
      lead: 'Second opinion:',
      spans: [
        say(
          payload.remarks.length === 0 ? 'no remarks on ' : `${count(payload.remarks.length, 'remark')} on `,
        ),
        code(short(payload.commit)),
      ],
      aside: 'an opinion, decides nothing',
      block: payload.remarks.slice(0, 8).map(remarkLine),
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

const isExtra = (timeline: Timeline, attemptId: Payload<'attempt.failed'>['attemptId']): boolean => {
  const kind = timeline.attempts.get(attemptId)?.kind;
  return kind === 'plan' || kind === 'review';
};

const remarkLine = ({ file, line, message }: Remark): string =>
  `${file}${line === null ? '' : `:${line}`}: ${message}`;

function agentHead(timeline: Timeline, payload: Payload<'attempt.started'>): string {
  return `${payload.taskId === null ? '' : `on ${payload.taskId}, `}attempt ${timeline.tries + 1}`;
}
