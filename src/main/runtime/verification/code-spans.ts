/** A change of code that turns one assertion into its opposite. */
export type Opposite = { readonly start: number; readonly end: number; readonly text: string };

/** Offset of the bracket that closes the one just before `from`; strings are stepped over. */
export function closing(code: string, from: number, end: number): number | null {
  let depth = 1;
  for (let i = from; i < end; i += 1) {
    const c = code[i] ?? '';
    if (c === '"' || c === "'" || c === '`') i = stringEnd(code, i, end);
    else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return null;
}

/** Ranges between the commas of an argument list. */
export function topLevelArguments(code: string, from: number, end: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < end; i += 1) {
    const c = code[i] ?? '';
    if (c === '"' || c === "'" || c === '`') i = stringEnd(code, i, end);
    else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) depth -= 1;
    else if (c === ',' && depth === 0) {
      parts.push({ start, end: i });
      start = i + 1;
    }
  }
  parts.push({ start, end });
  return parts;
}

function stringEnd(code: string, from: number, end: number): number {
  const quote = code[from];
  for (let i = from + 1; i < end; i += 1) {
    if (code[i] === '\\') i += 1;
    else if (code[i] === quote) return i;
  }
  return end;
}
