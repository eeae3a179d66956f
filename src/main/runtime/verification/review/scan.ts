/** Languages whose code is read; everything else is only searched line by line. */
export type Language = 'js' | 'py' | 'go' | 'rs';

export type Comment = { readonly line: number; readonly text: string; readonly doc: boolean };

/** One text seen three ways. `code` and `text` have the offsets and lines of the original. */
export type Scan = {
  /** Without comments and without what stands in strings. */
  readonly code: string;
  /** Without comments only. */
  readonly text: string;
  /** A block comment is one entry per line. */
  readonly comments: readonly Comment[];
};

export function languageOf(path: string): Language | null {
  if (/\.[cm]?[jt]sx?$/.test(path)) return 'js';
  if (/\.pyi?$/.test(path)) return 'py';
  if (path.endsWith('.go')) return 'go';
  return path.endsWith('.rs') ? 'rs' : null;
}

/** Rust keeps unit tests at the end of product files; they are no product code. */
export const withoutInlineTests = (source: string, language: Language): string =>
  language === 'rs' ? source.replace(/^#\[cfg\(test\)\]\s*(?:pub\s+)?mod\s+\w+\s*\{[\s\S]*/m, '') : source;

const words = (part: string): string => part.replace(/[^\n]/g, ' ');

type Piece = { readonly end: number; readonly kind: 'comment' | 'string' };

/**
 * A light lexer: enough to tell code, strings and comments apart in code that compiles. Where it is wrong (an apostrophe in JSX
 * text, say) it is wrong until the end of the line, not of the file.
 */
export function scan(source: string, language: Language): Scan {
  const code: string[] = [];
  const text: string[] = [];
  const comments: Comment[] = [];
  let line = 1;
  let at = 0;
  // The last code that is no white space, as far as a regular expression depends on it.
  let last = '';
  // Depth of braces inside each open `${` of a template.
  const holes: number[] = [];
  const take = (end: number, inCode: string, inText: string): void => {
    for (let i = at; i < end; i += 1) if (source[i] === '\n') line += 1;
    code.push(inCode);
    text.push(inText);
    const told = inCode.slice(-200).trimEnd();
    if (told !== '') last = (last + told).slice(-12);
    at = end;
  };
  const takeTemplate = (): void => {
    const end = templateEnd(source, at + 1);
    const piece = source.slice(at, end);
    take(end, ends(piece), piece);
    if (piece.endsWith('${')) holes.push(0);
  };
  while (at < source.length) {
    const plain = match(PLAIN[language], source, at);
    if (plain !== null) {
      const part = source.slice(at, plain);
      take(plain, part, part);
      continue;
    }
    const character = source[at] ?? '';
    if (language === 'js' && character === '`') {
      takeTemplate();
      continue;
    }
    if (holes.length > 0 && (character === '{' || character === '}')) {
      const depth = holes.pop() ?? 0;
      if (character === '}' && depth === 0) {
        takeTemplate();
        continue;
      }
      holes.push(depth + (character === '{' ? 1 : -1));
    }
    const piece = pieceAt(source, at, language, last);
    if (piece === null) {
      take(at + 1, character, character);
      continue;
    }
    const part = source.slice(at, piece.end);
    if (piece.kind === 'comment') {
      const doc = /^(?:\/\*\*|\/\/\/|\/\/!|\/\*!)/.test(part);
      for (const [index, one] of part.split('\n').entries())
        comments.push({ line: line + index, text: one, doc });
      take(piece.end, words(part), words(part));
    } else take(piece.end, ends(part), part);
  }
  return { code: code.join(''), text: text.join(''), comments };
}

/** Line of an offset, from 1. */
export function linesOf(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** Quotes stay, what is between them goes. */
const ends = (part: string): string =>
  part.length < 2 ? part : `${part[0]}${words(part.slice(1, -1))}${part.at(-1) ?? ''}`;

/** After the closing back quote or the next `${`. */
function templateEnd(source: string, from: number): number {
  for (let i = from; i < source.length; i += 1) {
    if (source[i] === '\\') i += 1;
    else if (source[i] === '`') return i + 1;
    else if (source[i] === '$' && source[i + 1] === '{') return i + 2;
  }
  return source.length;
}

/** Stretches in which nothing begins. */
const PLAIN = {
  js: /[^"'`/{}]+/y,
  py: /[^"'#]+/y,
  go: /[^"'`/]+/y,
  rs: /(?:[^"'/r]|r(?!#*"))+/y,
} as const;
const STRING = {
  js: /(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/y,
  py: /"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/y,
  go: /`[^`]*`|(["'])(?:\\.|(?!\1)[^\\\n])*\1/y,
  rs: /r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^\\"])*"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^\\'\n])'/y,
} as const;
const COMMENT = { js: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y, py: /#[^\n]*/y } as const;
const REGEX = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** What may stand in front of a regular expression, but not of a division. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|yield|await))$/;

function pieceAt(source: string, at: number, language: Language, before: string): Piece | null {
  const comment = match(language === 'py' ? COMMENT.py : COMMENT.js, source, at);
  if (comment !== null) return { end: comment, kind: 'comment' };
  const string = match(STRING[language], source, at);
  if (string !== null) return { end: string, kind: 'string' };
  if (language !== 'js' || source[at] !== '/') return null;
  const regex = match(REGEX, source, at);
  return regex !== null && BEFORE_REGEX.test(before) ? { end: regex, kind: 'string' } : null;
}

function match(pattern: RegExp, source: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : null;
}
