import type { ChangedText } from '../analyse-secrets.ts';
import { lockClass } from '../locked.ts';
import { languageOf, scan, withoutInlineTests } from './scan.ts';
import type { Language, Scan } from './scan.ts';

/** A changed product file in a language that is read, with what is new in it. */
export type ChangedCode = {
  readonly path: string;
  readonly language: Language;
  readonly before: string;
  readonly after: string;
  readonly scanned: Scan;
  readonly lines: { readonly code: readonly string[]; readonly text: readonly string[] };
  /** Numbers of lines that the change wrote, from 1: not those it only moved, from whichever file. */
  readonly added: ReadonlySet<number>;
};

/** Code somebody else wrote or a tool generates: its style is nobody's doing here. */
const FOREIGN_PATH =
  /(?:^|\/)(?:vendor|vendored|third_party|node_modules|dist|build|out|target|generated|__generated__|\.yarn)\/|\.min\.[cm]?js$|\.d\.[cm]?ts$|\.pb\.go$|_pb2(?:_grpc)?\.pyi?$|[._-]gen(?:erated)?\.\w+$/;
const FOREIGN_TEXT = /@generated|\bcode generated\b|\bdo not edit\b|auto-?generated/i;
const MINIFIED_LINE = 2_000;

/** Product code among the changed files, scanned once for all analysers. Tests, goldens and generated code are left out. */
export function changedCode(files: readonly ChangedText[]): ChangedCode[] {
  const removed = new Map<string, number>();
  for (const { before, after } of files) {
    const left = counted(after);
    for (const line of significant(before)) {
      const count = left.get(line) ?? 0;
      if (count > 0) left.set(line, count - 1);
      else removed.set(line, (removed.get(line) ?? 0) + 1);
    }
  }
  return files.flatMap((file): ChangedCode[] => {
    const language = languageOf(file.path);
    if (language === null || file.after === '' || isForeign(file)) return [];
    const product = {
      path: file.path,
      before: withoutInlineTests(file.before, language),
      after: withoutInlineTests(file.after, language),
    };
    const scanned = scan(product.after, language);
    return [
      {
        ...product,
        language,
        scanned,
        lines: { code: scanned.code.split('\n'), text: scanned.text.split('\n') },
        added: addedLines(product, removed),
      },
    ];
  });
}

export function isForeign({ path, after }: Pick<ChangedText, 'path' | 'after'>): boolean {
  if (lockClass(path) !== null || FOREIGN_PATH.test(path)) return true;
  const lines = after.split('\n');
  return FOREIGN_TEXT.test(lines.slice(0, 6).join('\n')) || lines.some((line) => line.length > MINIFIED_LINE);
}

function addedLines({ before, after }: ChangedText, removed: Map<string, number>): Set<number> {
  const old = counted(before);
  const added = new Set<number>();
  for (const [index, raw] of after.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const known = old.get(line) ?? 0;
    if (known > 0) old.set(line, known - 1);
    // A line that went from another file came here, and is not new.
    else if (before !== '' || (removed.get(line) ?? 0) === 0) added.add(index + 1);
    else removed.set(line, (removed.get(line) ?? 0) - 1);
  }
  return added;
}

const significant = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function counted(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of significant(text)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
