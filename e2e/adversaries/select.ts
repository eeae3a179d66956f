import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import type { Case, Tool, Variant } from './case.ts';

export type Planned = {
  readonly theCase: Case;
  readonly name: string;
  readonly variant: Variant;
  readonly seed: number;
};
export type Skipped = {
  readonly case: string;
  readonly variant: string;
  readonly seed: number;
  readonly reason: string;
};

/** All cases, by id in their natural order. */
export async function allCases(): Promise<Case[]> {
  const dir = join(import.meta.dirname, 'cases');
  const cases: Case[] = [];
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(pathToFileURL(join(dir, file)).href)) as { readonly theCase: Case };
    if (`${module.theCase.id.toLowerCase()}.ts` !== file)
      throw new Error(`${file} holds case ${module.theCase.id}.`);
    cases.push(module.theCase);
  }
  return cases.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

export type Wanted = {
  readonly quick: boolean;
  readonly seeds: number;
  readonly cases: ReadonlySet<string>;
  readonly variants: ReadonlySet<string>;
};

/** Every n-th honest variant is in the quick run; of the others, the first of each case. */
const QUICK_HONEST = 4;

export function plan(cases: readonly Case[], wanted: Wanted): Planned[] {
  return cases
    .filter((one) => wanted.cases.size === 0 || wanted.cases.has(one.id))
    .flatMap((theCase) => {
      const variants = Object.entries(theCase.variants).filter(
        ([name]) => wanted.variants.size === 0 || wanted.variants.has(name),
      );
      const every = theCase.honest ? QUICK_HONEST : variants.length;
      const chosen = wanted.quick
        ? variants.filter(([, variant], at) => variant.slow !== true && at % every === 0)
        : variants;
      return chosen.flatMap(([name, variant], at) =>
        Array.from({ length: wanted.seeds }, (_, seed) => ({
          theCase,
          name,
          variant,
          seed: seed + 1 + (wanted.quick ? at : 0),
        })),
      );
    });
}

/** Why a variant cannot be played here, `null` when it can. */
export async function whyNot(needs: readonly Tool[], unconfined: boolean): Promise<string | null> {
  for (const tool of needs) {
    if (tool === 'namespaces') {
      if (unconfined) return 'it is about what namespaces hold';
      const { use, note } = await isolationAvailable();
      if (use === 'none') return note;
      continue;
    }
    if (tool === 'parallel-slices') return 'omk does not plan slices that run at once yet';
    const path = await toolPath(process.env['PATH'] ?? '', []);
    if ((await path.find(tool)) === null) return `${tool} is not on the PATH`;
  }
  return null;
}
