const LINE_LIMIT = 500;
/** Longer because they are one table each; the list only ever shrinks. */
const TABLES = new Map([
  ['src/renderer/strings.ts', 'every word of the screens, in one place for whoever translates it'],
  ['src/renderer/styles/controls.css', 'the looks of one set of controls'],
  ['src/renderer/testing/scenes.ts', 'the goals that screens are photographed with'],
]);
const PURE = /^src\/(shared|main\/runtime)\/(?!testing\/)(?!.*\.(test|features)\.ts$).*\.ts$/;

/** Two house rules that the linter cannot state: a hard limit on length, and no clock hidden in `new Date()`. */
export const brokenSourceRules = (path: string, text: string): string[] => {
  const lines = text.split('\n');
  const found: string[] = [];
  const length = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (length > LINE_LIMIT && !TABLES.has(path))
    found.push(`${path} has ${length} lines, more than ${LINE_LIMIT}; it is about two things.`);
  if (PURE.test(path)) {
    for (const [index, line] of lines.entries()) {
      if (/\bnew Date\(\s*\)|(?<![.\w])(?<!new )Date\(\s*\)/.test(line)) {
        found.push(`${path}:${index + 1} reads the clock with Date(); pass the time in.`);
      }
    }
  }
  return found;
};
