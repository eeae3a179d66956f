/** User names that stand for nobody, for examples and fixtures. */
const NOBODY = new Set(['user', 'you', 'me', 'dev', 'someone', 'alice', 'bob', 'name', 'USER', 'runner']);

const HOME_PATH = /(?:\/home\/|\/Users\/|[A-Za-z]:\\+Users\\+)([A-Za-z][\w.-]*)/g;

/** A home that stands in examples too: finding it says nothing about this machine. */
export const isExampleHome = (home: string): boolean => NOBODY.has(home.split('/').at(-1) ?? '');

/**
 * What in `text` ties the repository to the machine it was made on: a registry's address in a lockfile or npm
 * configuration, somebody's home directory, or one of `ownPaths` (this checkout, this home). One line per finding.
 */
export const machineTraces = (path: string, text: string, ownPaths: readonly string[]): string[] => {
  const isNpm = /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|\.npmrc|\.yarnrc(\.yml)?)$/.test(path);
  return text.split('\n').flatMap((line, index) => {
    const where = `${path}:${index + 1}`;
    const found: string[] = [];
    if (isNpm && /"resolved":\s*"https?:|^\s*(@[\w-]+:)?registry\s*=|\/\/[^\s/]+\/:_/.test(line)) {
      found.push(`${where} names a package registry; packages are taken from whichever one is configured.`);
    }
    for (const own of ownPaths) {
      if (line.includes(`${own}/`)) found.push(`${where} names a folder of this machine: ${own}`);
    }
    for (const [whole, name] of line.matchAll(HOME_PATH)) {
      if (!NOBODY.has(name ?? '')) found.push(`${where} names somebody's home: ${whole} (use /home/user)`);
    }
    return found;
  });
};
