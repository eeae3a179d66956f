import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedText } from '../analyse-secrets.ts';
import { changedCode } from './changed-code.ts';
import { findDependencies } from './dependencies.ts';
import { findDuplicates } from './duplicates.ts';
import type { Neighbour } from './duplicates.ts';
import { findLeftovers } from './leftovers.ts';
import { remark } from './finding.ts';
import { findSinks } from './sinks.ts';
import { findStructure } from './structure.ts';
import { findSwallowedErrors } from './swallowed-errors.ts';

/** Enough to see what is meant; the rest is counted. */
const MAX_PER_RULE = 12;

export type Reviewed = {
  readonly findings: readonly Finding[];
  /** Changed product files in a language that was read. */
  readonly read: number;
  /** Changed texts that were only searched for names and keys. */
  readonly unread: number;
};

/** Reads the change itself. Nothing it finds stops `ready` (decisions H16): it tells a person where to look. */
export function reviewChange(files: readonly ChangedText[], neighbours: readonly Neighbour[]): Reviewed {
  const code = changedCode(files);
  const findings = [
    ...findStructure(code, files),
    ...findDuplicates(code, neighbours),
    ...findLeftovers(code),
    ...findSwallowedErrors(code),
    ...findSinks(code),
    ...findDependencies(files),
  ];
  return {
    findings: bounded(findings),
    read: code.length,
    unread: files.filter((file) => file.after !== '').length - code.length,
  };
}

function bounded(findings: readonly Finding[]): Finding[] {
  return [...new Set(findings.map((one) => one.rule))].flatMap((rule) => {
    const all = findings.filter((one) => one.rule === rule);
    const [last] = all.slice(MAX_PER_RULE);
    if (last === undefined) return all;
    const more = all.length - MAX_PER_RULE;
    return [
      ...all.slice(0, MAX_PER_RULE),
      remark('note', rule, last.file, null, `${more} more of this kind in this change.`),
    ];
  });
}
