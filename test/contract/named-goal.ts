import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/main/host/config.ts';
import { openHere } from '../../src/main/host/open-here.ts';
import { budgetView } from '../../src/shared/goal/budget-view.ts';
import type { BudgetView } from '../../src/shared/goal/budget-view.ts';
import { foldGoal } from '../../src/shared/goal/evolve.ts';
import type { GoalEvent } from '../../src/shared/goal/events.ts';
import { GoalId } from '../../src/shared/kernel/ids.ts';
import type { Ended, World } from '../goal/omk.ts';

/** A `kimi` in a folder of its own, as a person has one on their PATH. Returns the PATH that has it first. */
export function putKimi(world: World, lines: readonly string[]): string {
  const bin = join(world.root, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'kimi'), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(bin, 'kimi'), 0o755);
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

/** Runs a goal to its end with the agent that is found under this name. */
export const runNamed = (world: World, name: string, ...more: readonly string[]): Promise<Ended> =>
  world.omk([
    'goal',
    'run',
    'Fix src/money.js so that the tests in test/money.test.js pass',
    ...['--repo', world.repo, '--agent', name],
    ...['--trust-gates', '--yes-plan', '--accept', 'auto', '--until-ready', '--json'],
    ...['--planning', 'heuristic', ...more],
  ]);

/** What a window shows of a goal's budget: it attaches to the host, takes the log over the bridge and folds it. */
export async function shownBudget(world: World, goalId: string): Promise<BudgetView> {
  const config = readConfig({ OMK_HOME: world.state, HOME: join(world.root, 'home'), PATH: '/usr/bin:/bin' });
  if (!config.ok) throw new Error(config.error.message);
  const opened = await openHere(config.value, { drive: false });
  if (!opened.ok) throw new Error(opened.error.message);
  const events: GoalEvent[] = [];
  const ending = new AbortController();
  const watching = opened.value.client.goals.watch(
    { goalId: GoalId.parse(goalId), afterVersion: 0 },
    { signal: ending.signal },
  );
  for await (const item of watching) {
    if (item.type === 'events') events.push(...item.events);
    if (item.type === 'caught_up') break;
  }
  ending.abort();
  await opened.value.close();
  const state = foldGoal(events);
  if (!('spend' in state)) throw new Error(`${goalId} is not open.`);
  return budgetView(state);
}
