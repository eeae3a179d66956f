import { gate, setupGate } from './gate.ts';
import type { Detected, Surroundings } from './types.ts';

const LOCAL = 'vendor/bin/phpunit';

/** PHPUnit where it is configured: the one of the lockfile or of the repository, else the one on the PATH. */
export async function detectPhp(around: Surroundings): Promise<Detected> {
  const source = ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'].find(around.has);
  if (source === undefined) return { gates: [], notes: [] };
  if (!(await around.tool('php')))
    return { gates: [], notes: [`${source} is there, but php is not on the PATH.`] };
  const test = (argv: string[]): Detected['gates'][number] =>
    gate({ name: 'test', argv, parser: 'phpunit-junit', source });
  const committed = around.has('vendor/autoload.php');
  if (!committed && around.has('composer.lock') && (await around.tool('composer')))
    return {
      gates: [
        setupGate({
          name: 'install',
          argv: ['composer', 'install', '--no-interaction', '--no-progress'],
          source: 'composer.lock',
          outputs: ['vendor'],
        }),
        test(['php', LOCAL]),
      ],
      notes: [],
    };
  if (around.has(LOCAL)) return { gates: [test(['php', LOCAL])], notes: [] };
  const notes =
    !committed && around.has('composer.lock')
      ? ['composer.lock is there, but composer is not on the PATH; gates run without its packages.']
      : [];
  if (await around.tool('phpunit')) return { gates: [test(['phpunit'])], notes };
  return { gates: [], notes: [...notes, `${source} is there, but phpunit is not on the PATH.`] };
}
