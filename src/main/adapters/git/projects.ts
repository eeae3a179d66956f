import type { Projects } from '../../runtime/ports.ts';
import { dirty } from './dirty.ts';
import { fingerprint } from './fingerprint.ts';
import { inspect } from './inspect.ts';

/**
 * Looks at repositories without the git command line: nothing of them is executed and nothing in them is written.
 * `personalExcludes`: files with the person's own ignore rules, such as `~/.config/git/ignore`; missing ones are no error.
 */
export function createProjects(o: { readonly personalExcludes: readonly string[] }): Projects {
  return {
    inspect,
    dirty: (path) => dirty(path, o.personalExcludes),
    fingerprint: (path) => fingerprint(path, o.personalExcludes),
  };
}
