import { createReadStream } from 'node:fs';
import { registryNames } from '../adapters/gates/registry-names.ts';
import { watchedFiles } from '../adapters/system/watched-files.ts';
import type { AttemptKind } from '../../shared/goal/vocabulary.ts';
import type { Digest } from '../../shared/kernel/ids.ts';
import type { Performer } from '../runtime/performer.ts';
import { agentPerformer } from '../runtime/performers/agent.ts';
import { basePerformer, setupPerformer, verifyPerformer } from '../runtime/performers/gates.ts';
import { landPerformer } from '../runtime/performers/land.ts';
import { watchProject } from '../runtime/performers/watch-project.ts';
import { preparePerformer } from '../runtime/performers/prepare.ts';
import type { ReadingDeps } from '../runtime/performers/reading-session.ts';
import { planPerformer } from '../runtime/planning/plan-performer.ts';
import { reviewPerformer } from '../runtime/reviewing/review-performer.ts';
import type { Artifacts, Clock, Log, Timers } from '../runtime/ports.ts';
import { named } from './build-adapters.ts';
import type { Adapters } from './build-adapters.ts';
import type { Config } from './config.ts';
import type { Paths } from './paths.ts';
import { makeReadingRoom, makeRooms } from './rooms.ts';

/** How long an agent that is told to stop has for ending by itself, ms. */
export const AGENT_STOP_MS = 500;
/** A transcript is evidence, not an archive. */
const TRANSCRIPT_BYTES = 5 * 1024 * 1024;

export function buildPerformers(deps: {
  readonly config: Config;
  readonly paths: Paths;
  readonly artifacts: Artifacts;
  readonly log: Log;
  readonly adapters: Adapters;
  readonly clock: Clock;
  readonly timers: Timers;
}): Readonly<Record<AttemptKind, Performer>> {
  const { config, paths, artifacts, adapters, clock, timers, log } = deps;
  const { workspaces, agentPlaces, projects, gates, backends } = adapters;
  const gateDeps = {
    gates,
    workspaces,
    agentPlaces,
    clock,
    gateEnv: (names: readonly string[]) => named(config, [...registryNames, ...names]),
  };
  const sessions = {
    backends,
    workspaces,
    gates,
    clock,
    timers,
    log,
    timeouts: {
      handshakeMs: config.timeouts.handshakeMs,
      stallMs: config.timeouts.stallMs,
      // Together with ending what is left under 2 s, within which a person who cancels sees everything gone.
      cancelMs: 900,
      stopMs: AGENT_STOP_MS,
      parkMs: config.timeouts.parkMs,
    },
    agentEnv: (names: readonly string[]) => named(config, names),
    async sealTranscript(path: string): Promise<readonly Digest[]> {
      const writer = artifacts.writer(TRANSCRIPT_BYTES);
      try {
        for await (const chunk of createReadStream(path)) writer.write(chunk as Uint8Array);
      } catch {
        // The agent never started, so there is no transcript; what failed is in the attempt's own failure.
      }
      const sealed = await writer.close();
      return sealed.ok && sealed.value.bytes > 0 ? [sealed.value.digest] : [];
    },
  };
  const reading: ReadingDeps = {
    ...sessions,
    readingRoom: (goal, attemptId) => makeReadingRoom(paths, goal, attemptId, log),
  };
  const inPlace =
    (performer: Performer): Performer =>
    (context) =>
      agentPlaces.inPlace(context.goal.goalId, () => performer(context));
  const watched = (performer: Performer): Performer =>
    watchProject({ projects, gates, watchedFiles: () => watchedFiles(config.home) }, performer);
  return {
    prepare: inPlace(preparePerformer({ workspaces, projects, gates })),
    setup: setupPerformer(gateDeps),
    base: basePerformer(gateDeps),
    plan: watched(inPlace(planPerformer(reading))),
    verify: watched(verifyPerformer(gateDeps)),
    review: watched(inPlace(reviewPerformer(reading))),
    land: landPerformer({ workspaces }),
    agent: watched(
      inPlace(
        agentPerformer({
          ...sessions,
          rooms: (goal, attemptId) => makeRooms(paths, goal, attemptId),
        }),
      ),
    ),
  };
}
