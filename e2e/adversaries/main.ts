/**
 * `npm run adversaries [-- --quick] [--seeds N] [--case ID]… [--variant NAME]… [--jobs N] [--keep] [--write]`: scripted agents, most of
 * them liars, against omk itself, and how often it was fooled. `--unconfined` plays them as where there are no namespaces. `--without-layer L` plays them with one layer of verification off;
 * `--layers` does so for each layer in turn and fails where nothing goes wrong without it. Exit code 0: everything was as expected.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layers } from './layers.ts';
import type { Layer } from './layers.ts';
import { readOptions } from './options.ts';
import { play } from './run-case.ts';
import type { RunRecord } from './run-case.ts';
import { allCases, plan, whyNot } from './select.ts';
import type { Planned, Skipped } from './select.ts';
import { isFalseReady, isOtherStatus, markdown, summarise } from './summary.ts';
import type { Summary } from './summary.ts';
import { writeDocuments } from './write-documents.ts';

const RESULTS = 'test-results/adversaries.json';
const cases = await allCases();
const options = readOptions(process.argv.slice(2), cases);
if (typeof options === 'string') {
  console.error(options);
  process.exit(2);
}
const { wanted, jobs, without: off, unconfined, keep, write } = options;

async function runAll(
  planned: readonly Planned[],
  without: Layer | null,
): Promise<{ readonly records: RunRecord[]; readonly skipped: Skipped[] }> {
  const records: RunRecord[] = [];
  const skipped: Skipped[] = [];
  const waiting = planned.values();
  const worker = async (): Promise<void> => {
    for (const { theCase, name, variant, seed } of waiting) {
      const reason = await whyNot(variant.needs ?? [], unconfined);
      if (reason !== null) {
        skipped.push({ case: theCase.id, variant: name, seed, reason });
        console.log(`skip  ${theCase.id} ${name} ${seed}: ${reason}`);
        continue;
      }
      const record = await play({ theCase, name, variant, seed, without, keep, unconfined });
      records.push(record);
      const words = record.passed ? '' : `\n      ${record.problems.join('\n      ')}`;
      console.log(
        `${record.passed ? 'ok  ' : 'FAIL'}  ${theCase.id} ${name} ${seed} ${record.protocol}: ${record.status} [${record.layers.join(', ')}] ${(record.ms / 1000).toFixed(1)} s${words}`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return { records, skipped };
}

mkdirSync('test-results', { recursive: true });

async function once(without: Layer | null): Promise<Summary> {
  const planned = plan(cases, wanted);
  const { records, skipped } = await runAll(planned, without);
  const summary = summarise(records, skipped, planned.length);
  writeFileSync(RESULTS, `${JSON.stringify({ summary, runs: records }, null, 2)}\n`);
  console.log(`\n${markdown(summary)}\n`);
  return summary;
}

/** Layers that can be done without: those of the gates. The others are the status function itself, budgets and protocols. */
const removable = layers.filter(
  (layer) => layer === 'probes' || existsSync(join(import.meta.dirname, 'without', layer)),
);

/** Each layer off in turn, on the cases that name it, until one goes wrong; a layer without which all goes well is decoration. */
async function eachLayer(): Promise<boolean> {
  const lines: string[] = [];
  let all = true;
  for (const layer of removable) {
    const named = plan(cases, wanted).filter(
      ({ theCase, variant }) =>
        variant.slow !== true &&
        [...(theCase.relies ?? []), ...(variant.layers ?? theCase.layers)].includes(layer),
    );
    const trusting = named.toSorted(
      (one, other) =>
        Number(other.theCase.relies?.includes(layer)) - Number(one.theCase.relies?.includes(layer)),
    );
    let wrong: RunRecord | null = null;
    let played = 0;
    for (const one of trusting) {
      const { records } = await runAll([one], layer);
      played += records.length;
      // That the layer itself caught nothing is no news: another status is.
      wrong = records.find(isFalseReady) ?? wrong ?? records.find(isOtherStatus) ?? null;
      // A false ready says most; anything else that went wrong will do.
      if (records.some(isFalseReady) || (wrong !== null && played >= 4)) break;
    }
    if (wrong === null) all = false;
    lines.push(
      wrong === null
        ? `${layer}: NOTHING goes wrong without it in ${played} runs`
        : `${layer}: without it ${wrong.case} ${wrong.variant} ends ${wrong.status} in place of ${wrong.expected}`,
    );
    console.log(`== ${lines.at(-1) ?? ''}`);
  }
  console.log(`\n${lines.join('\n')}`);
  return all;
}

if (options.eachLayer) {
  process.exitCode = (await eachLayer()) ? 0 : 1;
} else {
  const summary = await once(off);
  if (write) writeDocuments(summary);
  console.log(`${summary.runs - summary.failed} passed, ${summary.failed} failed`);
  process.exitCode = summary.failed === 0 && summary.silentSkips === 0 ? 0 : 1;
}
