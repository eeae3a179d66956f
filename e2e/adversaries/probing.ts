import type { Problem } from './problems.ts';
import type { Repository } from './repositories.ts';

/** The hidden question as a probe, the way a person would write one. */
export const probing = (repository: Repository, _: Problem): readonly object[] => [
  {
    name: 'hidden cases',
    command: repository.ask.argv.map((word) => (word === process.execPath ? 'node' : word)),
    expect: { stdout: `${repository.ask.lines.join('\n')}\n` },
  },
];
