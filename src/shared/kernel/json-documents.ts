/** Longer answers are not looked through: no document a session is asked for comes near it. */
const longest = 1024 * 1024;
/** Opening braces that are tried; text with more of them that lead nowhere holds no document. */
const mostTries = 200;

/**
 * Every JSON object that stands in an answer, fenced or bare, outermost only, in order. Prose around them does not matter;
 * the same document said twice counts once.
 */
export function jsonDocuments(text: string): readonly Readonly<Record<string, unknown>>[] {
  if (text.length > longest) return [];
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  let from = 0;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const start = text.indexOf('{', from);
    if (start < 0) break;
    const end = closingBrace(text, start);
    const value = end === null ? null : parseObject(text.slice(start, end + 1));
    if (value !== null) found.set(JSON.stringify(value), value);
    from = value !== null && end !== null ? end + 1 : start + 1;
  }
  return [...found.values()];
}

/** Deeper ones are built to break whoever walks through them. */
const deepest = 64;

/** Where the brace at `start` is closed, strings and their escapes left aside; `null` when it is not, or nests too deep. */
function closingBrace(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > deepest) return null;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // braces of prose or code
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
