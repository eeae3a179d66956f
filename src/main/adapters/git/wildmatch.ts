/**
 * Git's pattern language for one path, on byte strings. Backtracks only to the last star, so that a hostile pattern costs
 * pattern × path steps at most; a regular expression made of it could run for years.
 */
export type Wildmatch = (path: string) => boolean;

type Token = { readonly star: true } | { readonly star: false; readonly accepts: (byte: number) => boolean };
type Part = 'any' | readonly Token[];

/** `pattern` has no leading slash; `**` counts as *any folders* only when it is a whole part. `null`: can match nothing. */
export function compileWildmatch(pattern: string): Wildmatch | null {
  const parts: Part[] = [];
  for (const text of splitParts(pattern)) {
    if (/^\*\*+$/.test(text)) {
      if (parts.at(-1) !== 'any') parts.push('any');
      continue;
    }
    const tokens = tokenize(text);
    if (tokens === null) return null;
    parts.push(tokens);
  }
  // A trailing `/**` needs something inside.
  if (parts.at(-1) === 'any' && parts.length > 1) parts.push([{ star: true }]);
  return (path) => {
    const names = path.split('/');
    return lastStar(
      parts.length,
      names.length,
      (at) => parts[at] === 'any',
      (at, name) => {
        const part = parts[at];
        return part !== undefined && part !== 'any' && matchName(part, names[name] ?? '');
      },
    );
  };
}

/** Greedy matching with one backtracking point; right for every pattern whose only repetition is the star itself. */
function lastStar(
  patternLength: number,
  textLength: number,
  isStar: (at: number) => boolean,
  fits: (at: number, textAt: number) => boolean,
): boolean {
  let at = 0;
  let textAt = 0;
  let starAt = -1;
  let starText = 0;
  while (textAt < textLength) {
    if (at < patternLength && isStar(at)) {
      starAt = at++;
      starText = textAt;
    } else if (at < patternLength && fits(at, textAt)) {
      at++;
      textAt++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      textAt = ++starText;
    } else return false;
  }
  while (at < patternLength && isStar(at)) at++;
  return at === patternLength;
}

function matchName(tokens: readonly Token[], name: string): boolean {
  return lastStar(
    tokens.length,
    name.length,
    (at) => tokens[at]?.star === true,
    (at, textAt) => {
      const token = tokens[at];
      return token?.star === false && token.accepts(name.charCodeAt(textAt));
    },
  );
}

/** Splits at slashes that are not inside a bracket expression or escaped. */
function splitParts(pattern: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '[') at = bracketEnd(pattern, at) ?? at;
    else if (char === '/') {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(pattern.slice(start));
  return parts;
}

/** Index of the closing bracket, `null` when there is none. */
function bracketEnd(text: string, open: number): number | null {
  let at = open + 1;
  if (text[at] === '!' || text[at] === '^') at++;
  for (let first = true; at < text.length; at++, first = false) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[' && text[at + 1] === ':') {
      const close = text.indexOf(':]', at + 2);
      if (close >= 0) at = close + 1;
    } else if (text[at] === ']' && !first) return at;
  }
  return null;
}

function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.star !== true) tokens.push({ star: true });
    } else if (char === '?') tokens.push({ star: false, accepts: () => true });
    else if (char === '[') {
      const end = bracketEnd(text, at);
      const accepts = end === null ? null : bracket(text.slice(at + 1, end));
      if (end === null || accepts === null) return null;
      tokens.push({ star: false, accepts });
      at = end;
    } else {
      const escaped = char === '\\';
      if (escaped) at++;
      // A pattern that ends in a lone backslash is invalid and never matches.
      if (at >= text.length) return null;
      const wanted = text.charCodeAt(at);
      tokens.push({ star: false, accepts: (byte) => byte === wanted });
    }
  }
  return tokens;
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // oxlint-disable-next-line no-control-regex -- the class is defined by them
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

function bracket(body: string): ((byte: number) => boolean) | null {
  const negated = body[0] === '!' || body[0] === '^';
  const tests: ((byte: number) => boolean)[] = [];
  let previous: number | null = null;
  for (let at = negated ? 1 : 0; at < body.length; at++) {
    if (body[at] === '[' && body[at + 1] === ':') {
      const close = body.indexOf(':]', at + 2);
      const found = close < 0 ? undefined : classes[body.slice(at + 2, close)];
      if (close >= 0) {
        if (found === undefined) return null;
        tests.push((byte) => found.test(String.fromCharCode(byte)));
        at = close + 1;
        previous = null;
        continue;
      }
    }
    if (body[at] === '-' && previous !== null && at + 1 < body.length) {
      at++;
      if (body[at] === '\\') at++;
      const [from, to]: [number, number] = [previous, body.charCodeAt(at)];
      tests.push((byte) => byte >= from && byte <= to);
      previous = null;
      continue;
    }
    if (body[at] === '\\') at++;
    const wanted = body.charCodeAt(at);
    tests.push((byte) => byte === wanted);
    previous = wanted;
  }
  return (byte) => tests.some((test) => test(byte)) !== negated;
}
