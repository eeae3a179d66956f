import { describe, expect, it } from 'vitest';
import { changedFiles, lockedGoal } from '../testing/scenes.ts';
import { courierPatch } from '../testing/courier-patch.ts';
import { foldGoal } from '../../shared/goal/evolve.ts';
import { hunkPlaces, readPatch } from '../features/changes/patch.ts';
import { fileGroups, reviewFiles } from './changes.ts';

const state = foldGoal(lockedGoal().events);
const verification = state.exists ? (state.verifications.at(-1) ?? null) : null;

describe('files of a review', () => {
  it('come as they should be read: to decide, with findings, then the rest', () => {
    const files = reviewFiles(changedFiles, verification);
    expect(files.slice(0, 2).map((file) => [file.path, file.risk])).toEqual([
      ['packages/http/vitest.config.ts', 'locked'],
      ['packages/http/src/retry.ts', 'finding'],
    ]);
  });

  it('stand in their folders, those to decide in one group before them', () => {
    const groups = fileGroups(reviewFiles(changedFiles, verification));
    expect(groups.map((group) => group.folder)).toEqual([
      null,
      'docs',
      'packages/http/src',
      'packages/http/test',
    ]);
    expect(groups.flatMap((group) => group.files)).toHaveLength(changedFiles.length);
  });
});

describe('git’s patch', () => {
  const files = readPatch(courierPatch, 'test');

  it('is read file by file', () => {
    expect([...files.keys()]).toEqual([
      'packages/http/vitest.config.ts',
      'packages/http/src/backoff.ts',
      'packages/http/src/clock.ts',
      'packages/http/src/retry.ts',
      'packages/http/src/index.ts',
      'packages/http/test/backoff.test.ts',
    ]);
  });

  it('shows a character that would turn the line around', () => {
    const lines = files.get('packages/http/src/clock.ts')?.diff?.additionLines ?? [];
    expect(lines.at(-1)).toBe('// ⟨U+202E⟩gnp.exe\n');
  });

  it('has its changed stretches in order, by the side that is new', () => {
    const retry = files.get('packages/http/src/retry.ts')?.diff;
    expect(retry && hunkPlaces('r', retry)).toEqual([
      { path: 'r', line: 22, side: 'additions', end: 22 },
      { path: 'r', line: 24, side: 'additions', end: 24 },
      { path: 'r', line: 26, side: 'additions', end: 29 },
      { path: 'r', line: 31, side: 'additions', end: 31 },
    ]);
  });

  it('cuts a line of a megabyte and says so', () => {
    const patch = `diff --git a/min.js b/min.js\nindex 1..2 100644\n--- a/min.js\n+++ b/min.js\n@@ -1 +1 @@\n-a\n+${'x'.repeat(1_000_000)}\n`;
    const file = readPatch(patch, 'k').get('min.js');
    expect(file?.cut).toBe(true);
    expect(file?.diff?.additionLines[0]?.length).toBeLessThan(2_100);
    expect(file?.diff?.additionCharacterCount).toBe(file?.diff?.additionLines[0]?.length);
  });

  it('names a file that is too long to draw, and draws nothing of it', () => {
    const body = '+line\n'.repeat(900_000);
    const patch = `diff --git a/big.txt b/big.txt\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/big.txt\n@@ -0,0 +1,900000 @@\n${body}`;
    expect(readPatch(patch, 'k').get('big.txt')).toMatchObject({ diff: null, tooLong: true });
  });

  it('keeps a file apart whose changed lines look like the head of another', () => {
    const patch = `diff --git a/a.md b/a.md\nindex 1..2 100644\n--- a/a.md\n+++ b/a.md\n@@ -1 +1,2 @@\n x\n+diff --git a/evil b/evil\ndiff --git a/b.md b/b.md\nindex 1..2 100644\n--- a/b.md\n+++ b/b.md\n@@ -1 +1 @@\n-x\n+y\n`;
    expect([...readPatch(patch, 'k').keys()]).toEqual(['a.md', 'b.md']);
  });

  it('is nothing when it is empty', () => {
    expect(readPatch('', 'k').size).toBe(0);
  });
});
