/**
 * Splits a package script as a shell would, as far as it can be run without one. `null`: it needs a shell (operators,
 * substitutions, variables, assignments), so it is run by its package manager and counts by exit code.
 */
export function scriptWords(script: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < script.length; i += 1) {
    const c = script[i] ?? '';
    if (quote === "'") {
      if (c === "'") quote = null;
      else word += c;
    } else if (quote === '"') {
      if (c === '"') quote = null;
      else if (c === '$' || c === '`') return null;
      else if (c === '\\' && /["\\$`]/.test(script[i + 1] ?? '')) {
        word += script[i + 1] ?? '';
        i += 1;
      } else word += c;
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
      if (c === '\n') return script.slice(i).trim() === '' ? words : null;
    } else if (/[|&;<>()$`{}~#!]/.test(c)) {
      return null;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === '\\') {
      word = (word ?? '') + (script[i + 1] ?? '');
      i += 1;
    } else {
      word = (word ?? '') + c;
    }
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  if (words.length === 0 || /^[A-Za-z_]\w*=/.test(words[0] ?? '')) return null;
  return words;
}

export type ScriptCommand = {
  readonly text: string;
  /** `NAME=value` words in front, as written; '' for none. */
  readonly assignments: string;
  /** The command itself without a shell's help; `null` when it needs one. */
  readonly words: string[] | null;
};

/** Commands of a script that runs one after the other (`a && b`); `null` when its quotes do not close. */
export function commandsOf(script: string): ScriptCommand[] | null {
  const parts: string[] = [''];
  let quote = '';
  for (let i = 0; i < script.length; i += 1) {
    const c = script[i] ?? '';
    if (quote === '' && c === '&' && script[i + 1] === '&') {
      parts.push('');
      i += 1;
      continue;
    }
    if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (c === quote) quote = '';
    parts.push(`${parts.pop() ?? ''}${c}`);
  }
  if (quote !== '' || parts.some((part) => part.trim() === '')) return null;
  return parts.map((part) => {
    const text = part.trim();
    const assignments = /^(?:(?:cross-env\s+)?(?:[A-Za-z_]\w*=[\w./:@%+,-]*\s+)+)?/.exec(text)?.[0] ?? '';
    return {
      text,
      assignments: assignments.replace(/^cross-env\s+/, '').trim(),
      words: scriptWords(text.slice(assignments.length)),
    };
  });
}
