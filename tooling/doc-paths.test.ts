import { expect, test } from 'vitest';
import { namedPaths } from './doc-paths.ts';

test('folders, files and root files in backticks are paths', () => {
  expect(namedPaths('`src/main/host/` and `src/a.ts`, `package.json`, `.ci/run`, again `src/a.ts`')).toEqual([
    'src/main/host/',
    'src/a.ts',
    'package.json',
    '.ci/run',
  ]);
});

test('commands, types, codes and branches with placeholders are not', () => {
  expect(namedPaths('`npm run check` `Result<T, E>` `goal.opened` `goal/<id>/result` `decide`')).toEqual([]);
});

test('fenced blocks are drawings, not claims', () => {
  expect(namedPaths('```\n`src/gone.ts`\n```\n`src/here.ts`')).toEqual(['src/here.ts']);
});
