import { Digest } from '../../../../shared/kernel/ids.ts';
import type { Inspection } from '../../../../shared/api/projects.ts';
import type { TreeReader } from '../../../runtime/ports.ts';
import { createProjects } from '../projects.ts';

export const projects = createProjects({ personalExcludes: [] });
export const gates: Inspection['gates'] = {
  source: 'none',
  gates: [],
  digest: Digest.parse('0'.repeat(64)),
  notes: [],
  unreadable: null,
};
const inspect = (path: string) => projects.inspect(path, () => Promise.resolve(gates));

export async function problemOf(path: string): Promise<string> {
  const result = await inspect(path);
  return result.ok ? 'fine' : result.error.code;
}

export async function look(path: string): Promise<Inspection> {
  const result = await inspect(path);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Runs `use` with the tree that detection would get. */
export async function withTree<T>(path: string, use: (tree: TreeReader) => Promise<T>): Promise<T> {
  let got: { readonly value: T } | null = null;
  const result = await projects.inspect(path, async (tree) => {
    got = { value: await use(tree) };
    return gates;
  });
  if (!result.ok || got === null) throw new Error('not inspected');
  return (got as { readonly value: T }).value;
}
