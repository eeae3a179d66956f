import type { Payload } from '../../src/shared/goal/events.ts';
import type { Prepared } from './case.ts';
import type { Repository } from './repositories.ts';

/** One command of a run and how it ended. */
export type Command = {
  readonly argv: readonly string[];
  readonly code: number | null;
  readonly status: string | null;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly stderr: string;
  readonly stdout: string;
  readonly events: readonly LogEvent[];
  readonly proofPath: string | null;
  readonly ms: number;
};

export type LogEvent = {
  readonly type: string;
  readonly version: number;
  readonly payload: Record<string, unknown>;
};

/** Everything that can be known about a run from outside, once it is over. */
export type Seen = {
  readonly world: Prepared;
  readonly repository: Repository;
  readonly commands: readonly Command[];
  /** Status after the first command, against which a case is judged. */
  readonly status: string | null;
  /** Status after the last one. */
  readonly finalStatus: string | null;
  readonly events: readonly LogEvent[];
  readonly verifications: readonly Payload<'candidate.verified'>[];
  /** Kinds of questions, in order. */
  readonly asked: readonly string[];
  /** Codes of failed attempts and of the reasons of every stop. */
  readonly failures: readonly string[];
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  /** Branches that omk landed in the project. */
  readonly landed: readonly string[];
};

export function look(
  world: Prepared,
  repository: Repository,
  commands: readonly Command[],
  landed: readonly string[],
): Seen {
  const byVersion = new Map<number, LogEvent>();
  for (const command of commands) for (const event of command.events) byVersion.set(event.version, event);
  const events = [...byVersion.values()].toSorted((a, b) => a.version - b.version);
  const of = (type: string): Record<string, unknown>[] =>
    events.filter((event) => event.type === type).map((event) => event.payload);
  const followed = commands.filter((command) => command.status !== null);
  const failures = of('attempt.failed').map((payload) => (payload['failure'] as { code: string }).code);
  return {
    world,
    repository,
    commands,
    status: followed[0]?.status ?? null,
    finalStatus: followed.at(-1)?.status ?? null,
    events,
    verifications: of('candidate.verified') as unknown as Payload<'candidate.verified'>[],
    asked: of('question.asked').map((payload) => (payload['question'] as { kind: string }).kind),
    failures: [...failures, ...followed.flatMap((command) => command.reasons.map((reason) => reason.code))],
    reasons: followed.at(-1)?.reasons ?? [],
    landed,
  };
}
