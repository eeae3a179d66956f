/**
 * A reporter for `node --test` that writes flat TAP to the report pipe. It runs in the runner's own process, apart from the
 * tests, which are child processes; what tests print on their standard output arrives there as text and is never looked at.
 *
 * What remains: test files report to the runner through frames on their standard output, and code under test runs in the
 * same process. Forging such frames needs that code to pretend to be the test library itself; the canary is there for it.
 *
 * Plain JavaScript, because it is handed over as a `data:` URL: there is no file that anybody could change.
 */
const reporter = String.raw`
import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
const FD = 3;
function put(text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try { bytes = bytes.subarray(writeSync(FD, bytes)); }
    catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
}
const names = (list) => JSON.stringify(list.map(String)).replaceAll('#', '\\u0023');
export default async function* (events) {
  put('TAP version 14\n');
  const stacks = new Map();
  const counted = new Map();
  let number = 0;
  const line = (good, list, directive) => put((good ? 'ok ' : 'not ok ') + (number += 1) + ' - ' + names(list) + directive + '\n');
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      const stack = stacks.get(data.file) ?? [];
      stack.length = data.nesting;
      stack[data.nesting] = data.name;
      stacks.set(data.file, stack);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const file = data.file ?? '';
    const failure = data.details?.error?.failureType;
    if (data.nesting === 0 && file !== '' && resolve(data.name) === file) {
      if (type === 'test:fail' && failure !== 'subtestsFailed')
        put('# file-error ' + names([file, data.details?.error?.cause?.message ?? data.details?.error?.message ?? 'failed']) + '\n');
      else if (!counted.has(file)) line(type === 'test:pass', [file], '');
      continue;
    }
    counted.set(file, true);
    if (data.details?.type === 'suite' && (type === 'test:pass' || failure === 'subtestsFailed')) continue;
    const stack = (stacks.get(file) ?? []).slice(0, data.nesting);
    const skip = data.skip !== undefined && data.skip !== false;
    const todo = data.todo !== undefined && data.todo !== false;
    line(type === 'test:pass', [file, ...stack, data.name], skip ? ' # SKIP' : todo ? ' # TODO' : '');
  }
  put('1..' + number + '\n');
}
`;

export const nodeReporterUrl = `data:text/javascript;base64,${Buffer.from(reporter).toString('base64')}`;
