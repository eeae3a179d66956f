import type { Finding } from '../../../../shared/goal/vocabulary.ts';

/** A finding that stops nothing: said beside the line and in its section of the review. */
export function remark(
  severity: 'warning' | 'note',
  rule: string,
  file: string,
  line: number | null,
  message: string,
): Finding {
  return {
    rule,
    severity,
    effect: 'none',
    file: file.slice(0, 1_000),
    line,
    message: message.slice(0, 1_000),
  };
}
