/**
 * `npm run adversaries [-- --quick] [--seeds N] [--case ID]… [--variant NAME]… [--jobs N] [--keep] [--write]`: scripted agents, most of
 * them liars, against omk itself, and how often it was fooled. `--without-layer L` plays them with one layer of verification off;
 * `--layers` does so for each layer in turn and fails where nothing goes wrong without it. Exit code 0: everything was as expected.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { layers } from './layers.ts';
import type { Layer } from './layers.ts';
import { play } from './run-case.ts';
import type { RunRecord } from './run-case.ts';
import { allCases, plan, whyNot } from './select.ts';
import type { Planned, Skipped, Wanted } from './select.ts';
import { isFalseReady, markdown, summarise } from './summary.ts';
import type { Summary } from './summary.ts';
import { writeDocuments } from './write-documents.ts';

const RESULTS = 'test-results/adversaries.json';
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '1' },
    case: { type: 'string', multiple: true, default: [] },
    variant: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    'without-layer': { type: 'string' },
    layers: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const wanted: Wanted = {
  quick: values.quick,
  seeds: Number(values.seeds),
  cases: new Set(values.case),
  variants: new Set(values.variant),
};

async function runAll(
  planned: readonly Planned[],
  without: Layer | null,
): Promise<{ readonly records: RunRecord[]; readonly skipped: Skipped[] }> {
  const records: RunRecord[] = [];
  const skipped: Skipped[] = [];
  const waiting = planned.values();
  const worker = async (): Promise<void> => {
    for (const { theCase, name, variant, seed } of waiting) {
      const reason = await whyNot(variant.needs ?? []);
      if (reason !== null) {
        skipped.push({ case: theCase.id, variant: name, seed, reason });
        console.log(`skip  ${theCase.id} ${name} ${seed}: ${reason}`);
        continue;
      }
      const record = await play({ theCase, name, variant, seed, without, keep: values.keep });
      records.push(record);
      const words = record.passed ? '' : `\n      ${record.problems.join('\n      ')}`;
      console.log(
        `${record.passed ? 'ok  ' : 'FAIL'}  ${theCase.id} ${name} ${seed} ${record.protocol}: ${record.status} [${record.layers.join(', ')}] ${(record.ms / 1000).toFixed(1)} s${words}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, worker));
  return { records, skipped };
}

const cases = await allCases();
mkdirSync('test-results', { recursive: true });

async function once(without: Layer | null): Promise<Summary> {
  const planned = plan(cases, wanted);
  const { records, skipped } = await runAll(planned, without);
  const summary = summarise(records, skipped, planned.length);
  writeFileSync(RESULTS, `${JSON.stringify({ summary, runs: records }, null, 2)}\n`);
  console.log(`\n${markdown(summary)}\n`);
  return summary;
}

/** Each layer off in turn, on the cases that name it: at least one must go wrong, or the layer is decoration. */
async function eachLayer(): Promise<boolean> {
  let all = true;
  const table: string[] = [];
  for (const layer of layers) {
    const named = plan(cases, { ...wanted, quick: false }).filter(
      ({ theCase, variant }) =>
        variant.slow !== true &&
        [...(variant.layers ?? theCase.layers), ...(theCase.relies ?? [])].includes(layer),
    );
    const { records } = await runAll(named, layer);
    const wrong = records.filter((record) => !record.passed);
    const ready = records.filter(isFalseReady);
    if (wrong.length === 0) all = false;
    const line = `${layer}: ${wrong.length} of ${records.length} cases fail without it, ${ready.length} with a false ready${wrong.length === 0 ? '   <- NOTHING FAILS' : ''}`;
    console.log(`== ${line}`);
    table.push(line);
  }
  console.log(`\n${table.join('\n')}`);
  return all;
}

const isLayer = (name: string): name is Layer => layers.some((layer) => layer === name);

if (values.layers) {
  process.exitCode = (await eachLayer()) ? 0 : 1;
} else {
  const name = values['without-layer'];
  if (name !== undefined && !isLayer(name)) {
    console.error(`There is no layer "${name}". Known: ${layers.join(', ')}.`);
    process.exitCode = 2;
  } else {
    const summary = await once(name ?? null);
    if (values.write) writeDocuments(summary);
    console.log(`${summary.runs - summary.failed} passed, ${summary.failed} failed`);
    process.exitCode = summary.failed === 0 && summary.silentSkips === 0 ? 0 : 1;
  }
}
