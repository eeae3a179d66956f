import type { Payload } from '../goal/events.ts';
import { userHomeExposed, usesUserHome } from '../goal/user-home.ts';
import { chosenLabels } from '../goal/questions.ts';
import type { GoalStatus } from '../goal/vocabulary.ts';
import type { TimelineDraft } from './model.ts';
import { actorVerb, code, decision, say } from './words.ts';
import type { Describe } from './words.ts';
import { count, duration, money, short, tokens } from '../units.ts';

const statusPhrase: Record<GoalStatus, string> = {
  running: 'running',
  paused: 'paused',
  ready: 'ready',
  not_ready: 'not ready',
  blocked_on_human: 'needs you',
  blocked_on_external: 'blocked outside',
  needs_more_budget: 'needs budget',
  failed_infra: 'can’t be trusted',
  cancelled: 'cancelled',
};

/** What people, policy and omk decided. */
export const decisionRows: Pick<
  Describe,
  | 'goal.opened'
  | 'goal.paused'
  | 'goal.resumed'
  | 'goal.retried'
  | 'goal.cancel_requested'
  | 'goal.accepted'
  | 'goal.rejected'
  | 'goal.stopped'
  | 'goal.concluded'
  | 'question.asked'
  | 'question.answered'
  | 'question.withdrawn'
  | 'note.written'
  | 'note.delivered'
  | 'plan.proposed'
  | 'plan.accepted'
  | 'project.changed'
  | 'budget.spent'
  | 'budget.extended'
> = {
  'goal.opened': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'decision',
      lead: 'Opened',
      spans: [say(`the goal in ${payload.project.name}, for ${payload.agent.name}`)],
      aside: [
        payload.policy.accept === 'auto' ? 'accepts by policy' : '',
        usesUserHome(payload.agent) ? userHomeExposed : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    },
  ],
  'goal.paused': (_, { actor }) => [decision(actorVerb(actor, 'paused'), [say('the goal')])],
  'goal.resumed': (_, { actor }) => [decision(actorVerb(actor, 'resumed'), [say('the goal')])],
  'goal.retried': (_, { actor }) => [decision(actorVerb(actor, 'asked for'), [say('another try')])],
  'goal.cancel_requested': (_, { actor }) => [decision(actorVerb(actor, 'cancelled'), [say('the goal')])],
  'goal.accepted': (_, { actor, payload }) => [
    {
      ...decision(actorVerb(actor, 'accepted'), [code(short(payload.commit))]),
      block: payload.note === '' ? [] : payload.note.split('\n'),
    },
  ],
  'goal.rejected': (_, { actor, payload }) => [
    {
      ...decision(actorVerb(actor, 'rejected'), [
        say(payload.mode === 'revise' ? 'and asked for another wave' : 'and ended the goal'),
      ]),
      aside: payload.comments.length > 0 ? count(payload.comments.length, 'comment') : '',
      block: payload.reason === '' ? [] : payload.reason.split('\n'),
    },
  ],
  'goal.stopped': (_, { payload }) => [ended('Stopped', payload)],
  'goal.concluded': (_, { payload }) => [ended('Concluded', payload)],
  'question.asked': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'question',
      tone: 'ask',
      lead: 'Asked you:',
      spans: [say(payload.question.title)],
      aside: 'open',
      attemptId: payload.attemptId,
    },
  ],
  'question.answered': (timeline, { actor, payload }) => {
    const question = timeline.questions.get(payload.questionId)?.question;
    const choice = question === undefined ? '' : chosenLabels(question, payload.choice).join(', ');
    return [
      {
        ...decision(actorVerb(actor, 'answered'), choice === '' ? [] : [say(choice)]),
        block: payload.text === null || payload.text === '' ? [] : payload.text.split('\n'),
      },
    ];
  },
  'question.withdrawn': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'note',
      lead: 'Withdrew',
      spans: [say('the question: '), say(payload.reason)],
    },
  ],
  'note.written': (_, { actor, payload }) => [
    {
      ...decision(actorVerb(actor, 'wrote'), [say('to the agent')]),
      icon: 'text',
      aside: 'not told yet',
      block: payload.text.split('\n'),
    },
  ],
  // Said on the row of the note itself.
  'note.delivered': () => [],
  'plan.proposed': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'decision',
      lead: 'Proposed',
      spans: [say(`a plan of ${count(payload.tasks.length, 'task')}`)],
      aside: payload.source === 'agent' ? 'by the agent' : 'by omk',
      block: [
        ...(payload.note === undefined ? [] : [`omk planned by itself: ${payload.note}`]),
        ...payload.tasks.map((task) => task.title),
      ],
    },
  ],
  'plan.accepted': (_, { actor }) => [decision(actorVerb(actor, 'accepted'), [say('the plan')])],
  'project.changed': (_, { payload }) => [
    {
      group: 'decisions',
      icon: 'note',
      lead: 'Your checkout changed',
      spans: [say(payload.byOperator ? 'while the goal ran' : 'while an agent worked that nothing confines')],
      block: [...(payload.breach ?? []).map((part) => `of its repository: ${part}`), ...payload.what].slice(
        0,
        8,
      ),
    },
  ],
  // Shown on the head of its attempt, and as a mark when a limit comes near: a row each would drown the rest.
  'budget.spent': () => [],
  'budget.extended': (_, { actor, payload }) => [
    {
      group: 'budget',
      icon: 'budget',
      lead: actorVerb(actor, 'extended'),
      spans: [say(`the budget by ${amounts(payload.added)}`)],
      aside: `now ${amounts(payload.total)}`,
    },
  ],
};

function ended(word: string, payload: Payload<'goal.stopped'>): TimelineDraft {
  const bad = payload.status === 'not_ready' || payload.status === 'failed_infra';
  return {
    group: 'decisions',
    icon: bad ? 'failure' : payload.status === 'ready' ? 'proof' : 'note',
    tone: bad ? 'failure' : 'plain',
    lead: `${word}: ${statusPhrase[payload.status]}`,
    spans: payload.reasons[0] ? [say(`. ${payload.reasons[0].message}`)] : [],
    block: payload.reasons.slice(1, 8).map((reason) => reason.message),
    evidence: payload.reasons.flatMap((reason) => reason.evidence ?? []).slice(0, 20),
  };
}

function amounts(budget: Payload<'budget.extended'>['added']): string {
  const parts: string[] = [];
  if (budget.timeMs !== null && budget.timeMs > 0) parts.push(duration(budget.timeMs));
  if (budget.tokens !== null && budget.tokens > 0) parts.push(`${tokens(budget.tokens)} tokens`);
  if (budget.usd !== null && budget.usd > 0) parts.push(money(budget.usd));
  return parts.length === 0 ? 'no limit' : parts.join(', ');
}
