/** Wishes without a measure; from the reference's testability guard. */
const vague = [
  'make it awesome',
  'make this awesome',
  'make it better',
  'make this better',
  'make better',
  'improve it',
  'improve this',
  'do magic',
  'state of art',
  'state-of-art',
];

/** Words that name something a check could see. */
const signals = [
  'acceptance',
  'api',
  'audit',
  'benchmark',
  'build',
  'cli',
  'compile',
  'coverage',
  'fix',
  'gate',
  'harden',
  'implement',
  'migrate',
  'performance',
  'proof',
  'refactor',
  'rewrite',
  'security',
  'test',
  'verify',
];

/** Why a goal cannot be checked as it stands, as one sentence; `null` when it can. */
export function testabilityProblem(text: string): string | null {
  const normal = foldSpace(text).toLowerCase();
  if (normal === '') return 'A goal needs text that says what should be true when it is done.';
  if (normal.split(' ').length < 3)
    return 'A goal this short does not say how anybody would see that it is done.';
  if (vague.some((wish) => normal.includes(wish)) && !signals.some((word) => normal.includes(word))) {
    return 'This asks for something better without saying what would show it.';
  }
  return null;
}

export const isTestable = (text: string): boolean => testabilityProblem(text) === null;

export const foldSpace = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The first line with text, white space folded, at most 200 characters and never half of one. */
export function titleOf(text: string): string {
  const line = foldSpace(/^.*\S.*$/m.exec(text)?.[0] ?? '');
  if (line.length <= 200) return line;
  const cut = line.slice(0, 199);
  const last = cut.charCodeAt(198);
  return `${last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut}…`;
}
