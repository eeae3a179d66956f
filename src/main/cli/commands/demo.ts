import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../host/config.ts';
import { demoAgentSpec } from '../../host/demo-agent-spec.ts';
import { sampleGoal, makeSampleRepository } from '../../host/sample-repository.ts';
import { parseFlags } from '../args.ts';
import { newCommandId, openSession } from '../client.ts';
import { follow } from '../follow.ts';
import type { Io } from '../io.ts';
import { failed } from '../io.ts';

/**
 * The whole path without any account: a small repository with a real bug in a temporary folder, the built-in demonstration agent,
 * omk's real gates and verification. The state directory is temporary too, unless the person keeps the folder.
 */
export async function demo(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = parseFlags(args, { keep: { type: 'string' }, json: { type: 'boolean' } }, { positionals: 0 });
  const keep = flags.text('keep');
  const root =
    keep === null ? await realpath(await mkdtemp(join(tmpdir(), 'omk-demo-'))) : resolve(io.cwd, keep);
  const repository = join(root, 'ledger');
  await makeSampleRepository(repository);
  io.err(`This is a demonstration: a scripted agent, on a sample repository in ${repository}.\n`);
  const session = await openSession({ ...config, root: join(root, 'state') }, { drive: true });
  try {
    const opened = await session.client.goals.open({
      commandId: newCommandId(),
      text: sampleGoal,
      path: repository,
      agent: demoAgentSpec('honest'),
      budget: config.defaults.budget,
      policy: { ...config.defaults.policy, yesPlan: true, trustGates: true, accept: 'auto' },
      gates: { added: [], selection: {} },
      trustedDigest: null,
      probes: [],
    });
    if (!opened.ok) throw failed(opened.error.message);
    const startedAt = performance.now();
    const code = await follow(session.client, opened.value.goalId, {
      json: flags.flag('json'),
      shown: { version: 0 },
      io,
    });
    io.err(
      `\nTook ${((performance.now() - startedAt) / 1_000).toFixed(1)} s. Everything is in ${root}; remove it when you have seen it.\n`,
    );
    return code;
  } catch (cause) {
    if (keep === null) await rm(root, { recursive: true, force: true });
    throw cause;
  } finally {
    await session.close();
  }
}
