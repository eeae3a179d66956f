import { gate, setupGate } from './gate.ts';
import type { Detected, Surroundings } from './types.ts';

/** RSpec where it is configured or has specs: with the gems of the lockfile, else the one on the PATH. */
export async function detectRuby(around: Surroundings): Promise<Detected> {
  const specs = around.entries.some((entry) => /^spec\/.*_spec\.rb$/.test(entry.path));
  if (!around.has('.rspec') && !(specs && around.has('Gemfile'))) return { gates: [], notes: [] };
  const source = around.has('.rspec') ? '.rspec' : 'spec';
  if (!specs) return { gates: [], notes: ['.rspec is there, but no specs were found.'] };
  const test = (argv: string[]): Detected['gates'][number] =>
    gate({ name: 'test', argv, parser: 'rspec-json', source });
  const locked = around.has('Gemfile.lock');
  if (locked && (await around.tool('bundle')))
    return {
      gates: [
        setupGate({
          name: 'install',
          argv: ['sh', '-c', 'bundle config set --local deployment true && bundle install'],
          source: 'Gemfile.lock',
          outputs: ['vendor/bundle', '.bundle'],
        }),
        test(['bundle', 'exec', 'rspec']),
      ],
      notes: [],
    };
  const notes = locked
    ? ['Gemfile.lock is there, but bundle is not on the PATH; gates run without its gems.']
    : [];
  if (await around.tool('rspec')) return { gates: [test(['rspec'])], notes };
  return { gates: [], notes: [...notes, 'This looks like RSpec, but rspec is not on the PATH.'] };
}
