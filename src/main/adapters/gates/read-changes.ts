import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { findSecretsInBytes } from '../../runtime/verification/analyse-secrets.ts';
import type { ChangedText } from '../../runtime/verification/analyse-secrets.ts';
import { few, plural } from '../../runtime/verification/compare-gate.ts';
import { isCode, lockClass, manifestKind } from '../../runtime/verification/locked.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';

type ReadLimits = {
  readonly files: number;
  /** Bytes of one file, and of all changed files together. */
  readonly file: number;
  readonly total: number;
  /** Bytes of a text that is kept for the analysers: of code and of files that decide, of any other, and of all together. */
  readonly code: number;
  readonly text: number;
  readonly texts: number;
};

const MIB = 1024 * 1024;
const LIMITS: ReadLimits = {
  files: 50_000,
  file: 128 * MIB,
  total: 512 * MIB,
  code: 8 * MIB,
  text: MIB,
  texts: 192 * MIB,
};

type ReadChanges = {
  readonly texts: readonly ChangedText[];
  /** Secrets in what is no text or too long for one, and what could not be looked at, which a person is asked about. */
  readonly findings: readonly Finding[];
};

/** Reads every file that differs, once. Nothing is left out in silence: a gap of the analysers is a question. */
export async function readChanges(
  base: Side,
  theirs: Side,
  limits: ReadLimits = LIMITS,
): Promise<ReadChanges> {
  const was = new Map(base.entries.map((entry) => [entry.path, entry]));
  const is = new Map(theirs.entries.map((entry) => [entry.path, entry]));
  const texts: ChangedText[] = [];
  const findings: Finding[] = [];
  const unseen: string[] = [];
  const unread: string[] = [];
  let [files, total, kept] = [0, 0, 0];

  for (const path of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(path), is.get(path)];
    if (old?.oid === now?.oid) continue;
    // Links and submodules have rules of their own.
    if (now !== undefined && !isFile(now)) continue;
    files += 1;
    const within = files <= limits.files && total < limits.total;
    const bytes =
      now === undefined
        ? new Uint8Array()
        : within
          ? await theirs.tree.read(path, Math.min(limits.file, limits.total - total))
          : null;
    if (bytes === null) {
      unseen.push(path);
      continue;
    }
    total += bytes.byteLength;
    const before = (max: number): Promise<Uint8Array | null> =>
      old !== undefined && isFile(old) ? base.tree.read(path, max) : Promise.resolve(new Uint8Array());

    const decides = isCode(path) || lockClass(path) !== null || manifestKind(path) !== null;
    const max = decides ? limits.code : limits.text;
    const isWide = bytes.includes(0);
    const oldBytes =
      bytes.byteLength <= max && (isCode(path) || !isBinary(bytes)) && kept < limits.texts
        ? await before(max)
        : null;
    if (oldBytes !== null && (isCode(path) || !isBinary(oldBytes))) {
      kept += bytes.byteLength + oldBytes.byteLength;
      texts.push({ path, before: decode(oldBytes), after: decode(bytes) });
    } else if (isCode(path)) unread.push(path);
    if (now !== undefined && (isWide || texts.at(-1)?.path !== path))
      findings.push(...(await findSecretsInBytes(path, bytes, () => before(limits.file), rest)));
  }
  if (unseen.length > 0)
    findings.push(gap('code.not_examined', unseen, 'too large or too many to be searched for keys'));
  if (unread.length > 0) findings.push(gap('code.not_examined', unread, 'code that is too long to be read'));
  return { texts, findings };
}

type Side = { readonly tree: TreeReader; readonly entries: readonly TreeEntry[] };

function gap(rule: string, paths: readonly string[], why: string): Finding {
  return {
    rule,
    severity: 'blocker',
    effect: 'question',
    file: (paths[0] ?? '').slice(0, 1_000),
    line: null,
    message: `Not examined: ${plural(paths.length, 'file')} (${few(paths)}), ${why}.`.slice(0, 1_000),
  };
}

const isFile = (entry: TreeEntry): boolean => entry.mode === '100644' || entry.mode === '100755';

/** As git tells it. Code is read all the same: its languages let a zero byte stand in a literal or a comment. */
const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8_000).includes(0);

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Hundreds of megabytes must not stop everything else that this process does. */
const rest = (): Promise<void> => new Promise((resume) => void setImmediate(resume));
