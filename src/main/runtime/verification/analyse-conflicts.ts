import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from './analyse-secrets.ts';

/** Conflict markers that the slice leaves behind: an opening, a middle and a closing line, in that order. */
export function findConflictMarkers(files: readonly ChangedText[]): Finding[] {
  return files.flatMap((file) => {
    const at = markerLine(file.after);
    if (at === null || markerLine(file.before) !== null) return [];
    return [
      {
        rule: 'code.conflict_marker',
        severity: 'blocker' as const,
        effect: 'breach' as const,
        file: file.path,
        line: at,
        message: 'A merge conflict was left in this file.',
      },
    ];
  });
}

function markerLine(text: string): number | null {
  let open: number | null = null;
  let middle = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^<{7}(?: |$)/.test(line)) [open, middle] = [index + 1, false];
    else if (open !== null && /^={7}\s*$/.test(line)) middle = true;
    else if (open !== null && middle && /^>{7}(?: |$)/.test(line)) return open;
  }
  return null;
}
