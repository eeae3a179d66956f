/** Sections of an ini file that belong to the oracle: `setup.cfg`. */
const LOCKED_SECTION =
  /^(?:tool:pytest|pytest|mypy(?:-.*)?|flake8|pylint.*|coverage:.*|isort|pycodestyle|pydocstyle|tox.*|testenv.*|aliases|global|test|develop|install|build(?:_\w+)?)$/i;

/** Splits ini text into sections; the text before the first header is ''. */
function iniSections(text: string): { readonly name: string; readonly text: string }[] {
  const sections: { name: string; text: string }[] = [{ name: '', text: '' }];
  for (const line of text.split('\n')) {
    const header = /^\[([^\]]+)\]/.exec(line.trim())?.[1];
    if (header !== undefined) sections.push({ name: header.trim(), text: '' });
    const last = sections.at(-1);
    if (last !== undefined) last.text += `${line}\n`;
  }
  return sections;
}

const lockedIni = (text: string): string =>
  iniSections(text)
    .filter((section) => LOCKED_SECTION.test(section.name))
    .map((section) => section.text.trimEnd())
    .join('\n');

/** Code that takes the place of a command of setuptools. */
const commandClasses = (text: string): string =>
  (text.match(/^cmdclass\s*=.*(?:\n[ \t]+.*)*/gim) ?? []).map((one) => one.trimEnd()).join('\n');

/** The result's ini text with the locked sections of base. */
export function iniWithBase(base: string, theirs: string): string {
  // Inside its section it cannot be told from what is product there.
  if (commandClasses(base) !== commandClasses(theirs)) return base;
  const free = iniSections(theirs)
    .filter((section) => !LOCKED_SECTION.test(section.name))
    .map((section) => section.text)
    .join('');
  return `${free.trimEnd()}\n${lockedIni(base)}\n`;
}

export function iniChanged(base: string, theirs: string): boolean {
  return lockedIni(base) !== lockedIni(theirs) || commandClasses(base) !== commandClasses(theirs);
}

/** Lines of a go.mod that decide which code is built: `replace`, `exclude`, `toolchain`, also in blocks. */
function goDirectives(text: string): { readonly locked: string[]; readonly free: string[] } {
  const locked: string[] = [];
  const free: string[] = [];
  let block: string[] | null = null;
  for (const line of text.split('\n')) {
    const word = /^\s*(\w+)/.exec(line)?.[1] ?? '';
    if (block !== null) {
      block.push(line);
      if (line.trim().startsWith(')')) block = null;
    } else if (word === 'replace' || word === 'exclude' || word === 'toolchain') {
      locked.push(line);
      if (line.trim().endsWith('(')) block = locked;
    } else {
      free.push(line);
      if (line.trim().endsWith('(')) block = free;
    }
  }
  return { locked, free };
}

export function goModWithBase(base: string, theirs: string): string {
  return [...goDirectives(theirs).free, ...goDirectives(base).locked, ''].join('\n');
}

export function goModChanged(base: string, theirs: string): boolean {
  const lines = (text: string): string =>
    goDirectives(text)
      .locked.map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  return lines(base) !== lines(theirs);
}
