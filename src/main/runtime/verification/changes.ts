import type { Opposite } from './code-spans.ts';

/** `changes` from the last to the first. */
export function withChanges(text: string, changes: readonly Opposite[]): string {
  const parts: string[] = [];
  let rest = text.length;
  for (const change of changes) {
    parts.push(text.slice(change.end, rest), change.text);
    rest = change.start;
  }
  parts.push(text.slice(0, rest));
  return parts.toReversed().join('');
}

/** From the last to the first, each once: a call and a comparison may find the same literal. */
export function apart(changes: readonly Opposite[]): Opposite[] {
  const kept: Opposite[] = [];
  for (const change of changes.toSorted((a, b) => b.start - a.start || b.end - a.end))
    if (change.end <= (kept.at(-1)?.start ?? Infinity)) kept.push(change);
  return kept;
}
