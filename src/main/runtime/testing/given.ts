import { expect } from 'vitest';
import type { GoalCommand, Rejection } from '../../../shared/goal/commands.ts';
import type { EventType, GoalEvent } from '../../../shared/goal/events.ts';
import { verdict } from '../../../shared/goal/verdict.ts';
import type { Actor, GoalStatus } from '../../../shared/goal/vocabulary.ts';
import type { World } from './world.ts';

type Outcome = {
  /** Exactly these events, in this order. */
  thenEvents(...types: readonly EventType[]): GivenWorld;
  thenRejected(code: Rejection['code']): GivenWorld;
  thenStatus(status: GoalStatus, ...codes: readonly string[]): GivenWorld;
};
type GivenWorld = { readonly world: World; readonly events: readonly GoalEvent[] };

/** `given(history).when(command).thenEvents(…)`: the history is a world that tests drove there through commands. */
export function given(world: World): { when(command: GoalCommand, actor?: Actor): Outcome } {
  return {
    when(command, actor = 'operator') {
      const sent = world.send(command, actor);
      const events = sent.ok ? sent.value : [];
      return {
        thenEvents(...types) {
          expect(sent.ok ? null : sent.error).toBeNull();
          expect(events.map((one) => one.type)).toEqual(types);
          return { world, events };
        },
        thenRejected(code) {
          expect(sent.ok ? 'not refused' : sent.error.code).toBe(code);
          return { world, events };
        },
        thenStatus(status, ...codes) {
          expect(sent.ok ? null : sent.error).toBeNull();
          expectStatus(world, status, ...codes);
          return { world, events };
        },
      };
    },
  };
}

/** The status, and the codes of its reasons when any are named. */
export function expectStatus(world: World, status: GoalStatus, ...codes: readonly string[]): void {
  const judged = verdict(world.state);
  expect(judged.status).toBe(status);
  if (codes.length > 0) expect(judged.reasons.map((one) => one.code)).toEqual(codes);
}
