import { goalIdFrom } from '../kernel/ids.ts';
import type { AttemptId, CommandId, Digest, GoalId, Oid, QuestionId } from '../kernel/ids.ts';
import type { EventType, GoalEvent, Payload } from '../goal/events.ts';
import { defaultBudget, defaultPolicy } from '../goal/vocabulary.ts';
import type { Actor, GateRecord, GateSpec, Question } from '../goal/vocabulary.ts';

/** For tests: the log of one goal, told event by event. Ids and digests are made from short seeds and stay the same. */
export type Story = {
  readonly goalId: GoalId;
  readonly events: GoalEvent[];
  /** Appends an event `after` ms after the last one. */
  tell<T extends EventType>(
    type: T,
    payload: Payload<T>,
    how?: { readonly after?: number; readonly actor?: Actor },
  ): Story;
};

const someDay = Date.UTC(2026, 0, 5, 13, 6);

/**
 * A log that begins at `startedAt`. `seed` alone makes the goal's id, so that a page told the same story a minute later,
 * after a reload, finds the same goal.
 */
export function story(seed = 'a', startedAt = someDay): Story {
  const goalId = goalIdFrom(someDay, hex(seed, 8));
  const events: GoalEvent[] = [];
  const self: Story = {
    goalId,
    events,
    tell(type, payload, how = {}) {
      const version = events.length + 1;
      // A union member is made from its parts, which the compiler cannot follow through a type parameter.
      events.push({
        position: version,
        goalId,
        version,
        eventId: `event-${seed}-${version}`,
        v: 1,
        at: (events.at(-1)?.at ?? startedAt) + (how.after ?? 1_000),
        actor: how.actor ?? 'host',
        commandId: `command-${seed}-${version}` as CommandId,
        causationId: null,
        type,
        payload,
      } as unknown as GoalEvent);
      return self;
    },
  };
  return self;
}

/** Hex digits that look random and depend on the seed alone. */
export function hex(seed: string, length: number): string {
  let state = 2166136261;
  let out = '';
  for (let index = 0; out.length < length; index += 1) {
    for (const character of `${seed}${index}`) {
      state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
    }
    out += state.toString(16).padStart(8, '0');
  }
  return out.slice(0, length);
}

export const oid = (seed: string): Oid => hex(seed, 40) as Oid;
export const digest = (seed: string): Digest => hex(seed, 64) as Digest;
export const attemptId = (name: string): AttemptId => `attempt-${name}` as AttemptId;
export const questionId = (name: string): QuestionId => `question-${name}` as QuestionId;

export function opened(text: string, more: Partial<Payload<'goal.opened'>> = {}): Payload<'goal.opened'> {
  return {
    text,
    title: text.split('\n')[0]?.slice(0, 200) ?? '',
    project: { path: '/home/user/src/courier', name: 'courier', subfolder: '' },
    agent: { name: 'kimi-code', protocol: 'acp', argv: ['kimi', 'acp'], envNames: [], quirks: 'kimi-code' },
    budget: defaultBudget,
    policy: defaultPolicy,
    gates: { added: [], selection: {} },
    trustedDigest: null,
    probes: [],
    ...more,
  };
}

export function gateSpec(name: string, argv: string[], more: Partial<GateSpec> = {}): GateSpec {
  return {
    name,
    kind: 'check',
    argv,
    cwd: '',
    required: true,
    selected: true,
    timeoutMs: 600_000,
    repeat: 2,
    cost: 'cheap',
    network: false,
    exclusive: false,
    env: [],
    parser: 'none',
    outputs: [],
    source: 'package.json scripts',
    ...more,
  };
}

export function gateRecord(name: string, more: Partial<GateRecord> = {}): GateRecord {
  return {
    name,
    kind: 'check',
    required: true,
    outcome: 'passed',
    exitCodes: [0, 0],
    durationMs: 6_100,
    runs: 2,
    parsed: false,
    counts: null,
    failedTests: [],
    notes: [],
    evidence: [digest(`gate ${name}`)],
    ...more,
  };
}

export function question(title: string, more: Partial<Question> = {}): Question {
  return {
    kind: 'agent.question',
    title,
    context: '',
    choices: [],
    defaultChoice: null,
    allowText: false,
    digest: digest(title),
    blocks: 'attempt',
    costOfWaiting: '',
    ...more,
  };
}

export function started(
  name: string,
  kind: Payload<'attempt.started'>['kind'],
  fence: number,
  taskId: string | null = null,
): Payload<'attempt.started'> {
  return {
    attemptId: attemptId(name),
    kind,
    taskId,
    fence,
    leaseUntil: Date.UTC(2027, 0, 1),
    allowanceMs: null,
    allowanceTokens: null,
  };
}

export function spent(
  name: string,
  usageId: string,
  output: number,
  more: Partial<Payload<'budget.spent'>> = {},
): Payload<'budget.spent'> {
  return {
    attemptId: attemptId(name),
    usageId,
    tokens: { input: 0, output, cacheRead: 0, cacheWrite: 0 },
    meteredTokens: 0,
    usd: 0,
    agentMs: 0,
    gateMs: 0,
    ...more,
  };
}
