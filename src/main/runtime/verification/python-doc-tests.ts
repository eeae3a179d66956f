import type { InlineTest } from './inline-tests.ts';

const ITEM = /^([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)/;
const EXAMPLE = /^[ \t]*(?:[rRuU]?(?:"""|''')[ \t]*)?>>>(?: |$)/;

/**
 * The examples of each docstring, which run one after the other and share their names: together they are one test. In a text that
 * is no Python all of them are.
 */
export function pythonExamples(path: string, text: string): InlineTest[] {
  const lines = text.split(/\r?\n/);
  const python = path.endsWith('.py');
  const bodies = new Map<string, string[]>();
  const items: { readonly indent: number; readonly name: string }[] = [];
  let docstring = 0;
  let quote: string | null = null;
  let inExample = false;
  for (const line of lines) {
    const outside = quote === null;
    const item = python && outside ? ITEM.exec(line) : null;
    if (item !== null) {
      const indent = (item[1] ?? '').length;
      while ((items.at(-1)?.indent ?? -1) >= indent) items.pop();
      items.push({ indent, name: item[2] ?? '' });
    }
    for (const [mark] of python ? line.matchAll(/"""|'''/g) : []) {
      if (quote === null) docstring += 1;
      if (quote === null || quote === mark) quote = quote === null ? mark : null;
    }
    const ends = line.replace(/"""|'''/, '').trim() === '' || (python && outside && quote === null);
    if (EXAMPLE.test(line) && !(python && outside && quote === null)) inExample = true;
    else if (ends) inExample = false;
    if (!inExample) continue;
    const key = `${items.map(({ name }) => name).join('.')}\n${docstring}`;
    bodies.set(key, [
      ...(bodies.get(key) ?? []),
      line
        .replaceAll(/"""|'''/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ]);
  }
  const seen = new Map<string, number>();
  return [...bodies].map(([key, body]) => {
    const name = key.split('\n')[0] ?? '';
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const of = name === '' ? 'the file' : name;
    return {
      name: `examples of ${of}${count === 1 ? '' : ` #${count}`}`,
      body: body.join('\n'),
      mayGrow: true,
    };
  });
}
