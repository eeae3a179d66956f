import type { Verification } from '../../shared/goal/state.ts';
import type { ChangedFile, Finding, Remark } from '../../shared/goal/vocabulary.ts';

/** A changed file with what a reviewer should know before opening it. */
export type ReviewedFile = ChangedFile & {
  readonly findings: readonly Finding[];
  /** What another session of the agent thought of it: an opinion, so it is no risk. */
  readonly remarks: readonly Remark[];
  /** `locked`: must be decided. `finding`: something breaks a rule or asks. `plain`: the rest. */
  readonly risk: 'locked' | 'finding' | 'plain';
};

/** Content a person has looked at or not: the new blob, or that there is none any more. */
export const blobOf = (file: ChangedFile): string => file.newBlob ?? 'gone';

const riskOrder = { locked: 0, finding: 1, plain: 2 } as const;

/** What must be decided comes first, then risk, then the rest by path. */
export function reviewFiles(
  files: readonly ChangedFile[],
  verification: Verification | null,
  remarks: readonly Remark[] = [],
): readonly ReviewedFile[] {
  const locked = new Set(verification?.lockedChanged);
  return files
    .map((file): ReviewedFile => {
      const findings = (verification?.findings ?? []).filter((one) => one.file === file.path);
      const isLocked = file.locked || locked.has(file.path);
      const risky = findings.some((one) => one.severity !== 'note');
      const said = remarks.filter((one) => one.file === file.path);
      return { ...file, findings, remarks: said, risk: isLocked ? 'locked' : risky ? 'finding' : 'plain' };
    })
    .toSorted((a, b) => riskOrder[a.risk] - riskOrder[b.risk] || comparePaths(a.path, b.path));
}

const comparePaths = (a: string, b: string): number => {
  const [dirA, dirB] = [folderOf(a), folderOf(b)];
  return dirA === dirB ? (a < b ? -1 : 1) : dirA < dirB ? -1 : 1;
};

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export type FileGroup = {
  readonly key: string;
  /** `null`: the group of files to decide first. */
  readonly folder: string | null;
  readonly files: readonly ReviewedFile[];
};

/** The list beside the diff: files to decide first, then folders. Takes files in review order. */
export function fileGroups(files: readonly ReviewedFile[]): readonly FileGroup[] {
  const locked = files.filter((file) => file.risk === 'locked');
  const folders = new Map<string, ReviewedFile[]>();
  for (const file of files) {
    if (file.risk === 'locked') continue;
    const folder = folderOf(file.path);
    const known = folders.get(folder);
    if (known) known.push(file);
    else folders.set(folder, [file]);
  }
  return [
    ...(locked.length > 0 ? [{ key: '!', folder: null, files: locked }] : []),
    ...[...folders]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([folder, inside]) => ({ key: `/${folder}`, folder, files: inside })),
  ];
}
