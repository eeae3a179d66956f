import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { layers } from './layers.ts';
import type { Layer } from './layers.ts';
import type { Wanted } from './select.ts';

export type Options = {
  readonly wanted: Wanted;
  readonly jobs: number;
  readonly without: Layer | null;
  readonly eachLayer: boolean;
  readonly unconfined: boolean;
  readonly keep: boolean;
  readonly write: boolean;
};

const isLayer = (name: string): name is Layer => layers.some((layer) => layer === name);

/** What the command line asks for, or a sentence why it cannot be: a misspelt name must not pass for a run in which nothing failed. */
export function readOptions(args: readonly string[], cases: readonly Case[]): Options | string {
  const values = parsed(args);
  if (typeof values === 'string') return values;
  const known = (name: string, all: readonly string[]): string | null =>
    all.includes(name) ? null : `There is no "${name}". Known: ${all.join(', ')}.`;
  const ids = cases.map((one) => one.id);
  const chosen = cases.filter((one) => values.case.length === 0 || values.case.includes(one.id));
  const variants = [...new Set(chosen.flatMap((one) => Object.keys(one.variants)))];
  const without = values['without-layer'] ?? null;
  for (const wrong of [
    ...values.case.map((id) => known(id, ids)),
    ...values.variant.map((name) => known(name, variants)),
    without === null ? null : known(without, layers),
  ])
    if (wrong !== null) return wrong;
  const [seeds, jobs] = [Number(values.seeds), Number(values.jobs)];
  for (const [name, number] of Object.entries({ seeds, jobs }))
    if (!Number.isInteger(number) || number < 1) return `--${name} wants a whole number from 1 on.`;
  return {
    wanted: { quick: values.quick, seeds, cases: new Set(values.case), variants: new Set(values.variant) },
    jobs,
    without: without !== null && isLayer(without) ? without : null,
    eachLayer: values.layers,
    unconfined: values.unconfined,
    keep: values.keep,
    write: values.write,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        seeds: { type: 'string', default: '1' },
        case: { type: 'string', multiple: true, default: [] },
        variant: { type: 'string', multiple: true, default: [] },
        jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
        'without-layer': { type: 'string' },
        layers: { type: 'boolean', default: false },
        unconfined: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
