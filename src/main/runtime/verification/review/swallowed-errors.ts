import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedCode } from './changed-code.ts';
import { remark } from './finding.ts';
import { linesOf } from './scan.ts';
import type { Language } from './scan.ts';

/**
 * Errors that vanish: a handler whose body is empty. A comment inside says why and makes it deliberate, and an ignored error of a
 * named kind (`except FileNotFoundError`) is a decision.
 */
const SWALLOWED: Readonly<Record<Language, readonly RegExp[]>> = {
  js: [
    /\bcatch\s{0,100}(?:\([^()]{0,200}\))?\s{0,100}\{\s*\}/g,
    /\.catch\(\s*(?:async\s*)?(?:\(\s*\w*\s*\)|\w+)\s*=>\s*\{\s*\}\s*,?\s*\)/g,
    /\.catch\(\s*(?:noop|function\s*\([^()]*\)\s*\{\s*\})\s*\)/g,
  ],
  py: [
    /^[ \t]*except(?:[ \t]+\(?(?:Base)?Exception\)?(?:[ \t]+as[ \t]+\w+)?)?[ \t]*:[ \t]*(?:\n[ \t]*)*(?:pass|\.\.\.)[ \t]*$/gm,
    /\bcontextlib\.suppress\(\s*(?:Base)?Exception\s*\)/g,
  ],
  go: [/(?<![\w,] )(?<![\w,])_\s*=\s*err\b(?![\w.])/g, /\bif\s+(?:[^{}\n]*;\s*)?err\s*!=\s*nil\s*\{\s*\}/g],
  rs: [/\bErr\(\s*_\w*\s*\)\s*=>\s*(?:\{\s*\}|\(\))/g, /\bif\s+let\s+Err\(\s*_\w*\s*\)\s*=[^{}]*\{\s*\}/g],
};

export function findSwallowedErrors(files: readonly ChangedCode[]): Finding[] {
  return files.flatMap((file) => {
    const lineAt = linesOf(file.scanned.code);
    const explained = new Set(file.scanned.comments.map((one) => one.line));
    return SWALLOWED[file.language].flatMap((pattern) =>
      [...file.scanned.code.matchAll(pattern)].flatMap((match) => {
        const start = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
        const first = lineAt(start);
        const last = first + match[0].trimStart().split('\n').length - 1;
        const lines = Array.from({ length: last - first + 1 }, (_, i) => first + i);
        if (!lines.some((line) => file.added.has(line))) return [];
        // A remark in the handler, at its end or right above it.
        if ([first - 1, ...lines].some((line) => explained.has(line))) return [];
        return [
          remark(
            'warning',
            'code.swallowed_error',
            file.path,
            first,
            'An error is caught here and nothing happens.',
          ),
        ];
      }),
    );
  });
}
