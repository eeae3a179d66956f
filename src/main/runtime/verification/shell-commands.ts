export type ShellCommand = {
  readonly words: readonly string[];
  /** Its output is looked at by the text around it: substituted, piped on or written to a file. */
  readonly captured: boolean;
  /** Where `cd` has led, relative to where the text begins; `null`: the text does not say it plainly. */
  readonly dir: string | null;
};

/** Words in front of a command that are not it. */
const IN_FRONT = /^(?:if|then|else|elif|while|until|do|!|\{|time|exec|command|builtin|nohup|eval|sudo)$/;
const MAX_DEPTH = 6;

/**
 * The simple commands of a shell text, also those in substitutions, with plain variables and loops put in. Roughly: enough to see
 * which files it starts.
 */
export function shellCommands(text: string, captured = false, depth = 0): ShellCommand[] {
  const commands: ShellCommand[] = [];
  const variables = new Map<string, string>();
  const outer: (string | null)[] = [];
  let dir: string | null = '';
  let words: string[] = [];
  let word: string | null = null;
  let redirected = false;
  let target = false;

  const endWord = (): void => {
    if (word === null) return;
    if (!target) words.push(filledIn(word, variables));
    else if (!/^(?:\/dev\/null|&?\d)$/.test(word)) redirected = true;
    target = false;
    word = null;
  };
  const endCommand = (piped = false): void => {
    endWord();
    const plain = words.slice(words.findIndex((one) => !IN_FRONT.test(one)));
    const [first = ''] = plain;
    if (words.every((one) => IN_FRONT.test(one))) {
      words = [];
      return;
    }
    const assigned = plain.findIndex((one) => !/^[A-Za-z_]\w*=/.test(one));
    for (const one of first === 'export' ? plain.slice(1) : assigned < 0 ? plain : [])
      variables.set(one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1));
    if (first === 'for' && plain[2] === 'in')
      variables.set(plain[1] ?? '', plain.length === 4 ? (plain[3] ?? '') : `{${plain.slice(3).join(',')}}`);
    if (first === 'cd' || first === 'pushd') dir = entered(dir, plain[1] ?? '$HOME');
    else if (assigned >= 0)
      commands.push({ words: plain.slice(assigned), captured: captured || piped || redirected, dir });
    words = [];
    redirected = false;
  };
  const substitute = (inner: string): void => {
    if (depth < MAX_DEPTH)
      commands.push(...shellCommands(inner, true, depth + 1).map((one) => ({ ...one, dir })));
    // Nobody can say what it gives; usually it is the folder of the script, or one that is found from there.
    const into = /^\s*cd\s+(.+?)\s*(?:>\s*\S+\s*)?&&\s*pwd\b/s.exec(inner)?.[1];
    const from = into?.replaceAll('"', '').replace(/^\$(?:\(.*?\)|\{[^}]*\}|\w+)/, '.');
    word = `${word ?? ''}$_${from === undefined ? '' : `/${from}`}`;
  };

  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] ?? '';
    if (c === '\\') {
      i += 1;
      if (text[i] !== '\n') word = (word ?? '') + (text[i] ?? '');
    } else if (c === "'") {
      const end = closing(text, i + 1, "'");
      word = (word ?? '') + text.slice(i + 1, end);
      i = end;
    } else if (c === '"') {
      word ??= '';
      for (i += 1; i < text.length && text[i] !== '"'; i += 1) {
        if (text[i] === '\\') word += text[(i += 1)] ?? '';
        else if (text.startsWith('$(', i)) {
          const end = matching(text, i + 1);
          substitute(text.slice(i + 2, end));
          i = end;
        } else if (text[i] === '`') {
          const end = closing(text, i + 1, '`');
          substitute(text.slice(i + 1, end));
          i = end;
        } else word += text[i] ?? '';
      }
    } else if (text.startsWith('$(', i)) {
      const end = matching(text, i + 1);
      substitute(text.slice(i + 2, end));
      i = end;
    } else if (c === '`') {
      const end = closing(text, i + 1, '`');
      substitute(text.slice(i + 1, end));
      i = end;
    } else if (c === '#' && word === null) {
      i = closing(text, i, '\n') - 1;
    } else if (c === '>' || c === '<') {
      if (word !== null && /^\d$/.test(word)) word = null;
      endWord();
      target = true;
      if (/[>&]/.test(text[i + 1] ?? '')) i += 1;
    } else if (c === '(') {
      endCommand();
      outer.push(dir);
    } else if (c === ')') {
      endCommand();
      dir = outer.pop() ?? dir;
    } else if (c === '&' || c === '|' || c === ';' || c === '\n') {
      const twice = text[i + 1] === c;
      endCommand(c === '|' && !twice);
      if (twice) i += 1;
    } else if (/\s/.test(c)) endWord();
    else word = (word ?? '') + c;
  }
  endCommand();
  return commands;
}

function entered(dir: string | null, to: string): string | null {
  if (dir === null || /^[~/-]|[$*?]/.test(to)) return null;
  return dir === '' ? to : `${dir}/${to}`;
}

function filledIn(word: string, variables: ReadonlyMap<string, string>): string {
  return word.replaceAll(
    /\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g,
    (all, braced: string | undefined, bare: string | undefined) => variables.get(braced ?? bare ?? '') ?? all,
  );
}

function closing(text: string, from: number, mark: string): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

/** Where the bracket at `open` ends, quotes aside. */
function matching(text: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = open; i < text.length; i += 1) {
    const c = text[i] ?? '';
    if (c === '\\') i += 1;
    else if (c === '"') quoted = !quoted;
    else if (c === "'" && !quoted) i = closing(text, i + 1, "'");
    else if (c === '(') depth += 1;
    else if (c === ')' && (depth -= 1) === 0) return i;
  }
  return text.length;
}
