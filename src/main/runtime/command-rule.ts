/**
 * The first words of a command, as many as say what it does: `npm test`, `cargo build`, `python -m pytest`. A person may allow every
 * command that begins so. Only for programs whose words are known, and for plain words: nobody can say what a shell makes of others.
 */
export type CommandRule = readonly string[];

/** A word that every shell takes as it is. */
const plain = /^[A-Za-z0-9@%+=:,./_-]+$/;
const word = /^[a-z][a-z0-9:_-]*$/i;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Whatever follows, they check or build. */
const alone = names('pytest vitest jest mocha eslint oxlint tsc ruff mypy ctest phpunit rspec flake8 pylint');
/** The next word says what is done. */
const withWord = names(
  'npm pnpm yarn cargo go make just uv poetry tox nox gradle mvn dotnet swift mix rake composer git',
);
/** After these words the next one is a name that the project gives. */
const named = names('run run-script');
/** These run, reach or publish whatever their next word names: every one is another act. */
const openEnded = names(
  'exec x dlx eval sh shell config publish push remote clone fetch pull submodule login adduser token owner ' +
    'install add link create init generate tool credential filter-branch bisect difftool mergetool',
);

/** `null`: no rule could be told from this command that a person would understand. */
export function ruleOf(command: string): CommandRule | null {
  const [name, second, third] = plainWords(command) ?? [];
  if (name === undefined) return null;
  if (alone.has(name)) return [name];
  if (second === undefined) return null;
  if (name === 'node' && second === '--test') return [name, second];
  if (/^python3?$/.test(name) && second === '-m')
    return third !== undefined && alone.has(third) ? [name, second, third] : null;
  if (!withWord.has(name) || !word.test(second) || openEnded.has(second)) return null;
  if (!named.has(second)) return [name, second];
  // `cargo run` and `go run` have no such name.
  if (third === undefined || !word.test(third)) return null;
  return [name, second, third];
}

/** Plain words from beginning to end, of which the first are the rule's. */
export function followsRule(command: string, rule: CommandRule): boolean {
  const words = plainWords(command);
  return words !== null && rule.length > 0 && rule.every((one, at) => words[at] === one);
}

function plainWords(command: string): readonly string[] | null {
  const words = command.split(' ');
  return words.every((one) => plain.test(one)) && words[0]?.includes('=') === false ? words : null;
}
