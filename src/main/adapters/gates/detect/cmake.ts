import { ownRunner } from '../../../runtime/verification/own-runner.ts';
import { gate } from './gate.ts';
import type { Detected, Surroundings } from './types.ts';

/** A build with CMake and its tests, where the definition of the build has any. */
export async function detectCmake(around: Surroundings): Promise<Detected> {
  const file = 'CMakeLists.txt';
  const text = (await around.text(file)) ?? '';
  // Without this at the top there is nothing that ctest would find.
  if (!/^[ \t]*(?:enable_testing[ \t]*\(|include[ \t]*\([ \t]*CTest\b)/im.test(text))
    return { gates: [], notes: [] };
  for (const tool of ['cmake', 'ctest'])
    if (!(await around.tool(tool)))
      return { gates: [], notes: [`${file} has tests, but ${tool} is not on the PATH.`] };
  const build = around.entries.some((entry) => /^build(?:\/|$)/.test(entry.path)) ? 'cmake-build' : 'build';
  const own = ownRunner(
    [
      'sh',
      '-c',
      `cmake -S . -B ${build} && cmake --build ${build} && ctest --test-dir ${build} --output-on-failure`,
    ],
    { scripts: {} },
  );
  return {
    gates: own === null ? [] : [gate({ name: 'test', ...own, source: file, cost: 'slow' })],
    notes: [],
  };
}
