import { sectionOf } from '../../../../shared/goal/review-sections.ts';
import type { Finding, GateRecord, ReviewSection } from '../../../../shared/goal/vocabulary.ts';
import { plural } from '../compare-gate.ts';
import type { Reviewed } from './review.ts';

/** What the review wall is built from; nothing in it is an agent's word. */
export type ReviewInput = {
  readonly findings: readonly Finding[];
  readonly records: readonly GateRecord[];
  readonly base: readonly GateRecord[];
  readonly reviewed: Pick<Reviewed, 'read' | 'unread'>;
};

/**
 * The six sections of the review. Each says what was looked for and how, so that `passed` claims no more than that; a section that
 * nothing here assesses says so (decisions H16).
 */
export function reviewSections(o: ReviewInput): ReviewSection[] {
  const { read, unread } = o.reviewed;
  const reading = `${plural(read, 'changed source file')} read${unread > 0 ? `, ${plural(unread, 'other file')} only searched for keys` : ''}.`;
  const ofCode = (name: ReviewSection['name'], looked: string): ReviewSection =>
    read > 0 || about(o, name).length > 0
      ? section(o, name, `${looked} ${reading}`)
      : {
          name,
          state: 'not_assessed',
          note: 'No changed file of the product is in a language that omk reads (JavaScript, TypeScript, Python, Go, Rust).',
        };
  return [
    ofCode(
      'architect',
      'Lengths, nesting, branching and new dependencies were measured; nobody judged the design.',
    ),
    ofCode('code', 'Searched for conflict markers and swallowed errors; nobody judged what the code means.'),
    testSection(o),
    section(
      o,
      'security',
      `Searched for keys, links out of the tree, protected files, dangerous calls and new sources of code. ${reading}`,
    ),
    performanceSection(o),
    ofCode(
      'anti-slop',
      'Searched for copied code, debugging left-overs and code in comments; nobody judged style.',
    ),
  ];
}

const about = (o: ReviewInput, name: ReviewSection['name']): Finding[] =>
  o.findings.filter((finding) => finding.severity !== 'note' && sectionOf(finding) === name);

function section(
  o: ReviewInput,
  name: ReviewSection['name'],
  looked: string,
  problem: string | null = null,
): ReviewSection {
  const found = about(o, name);
  const [first] = found;
  if (first === undefined && problem === null) return { name, state: 'passed', note: looked.slice(0, 500) };
  const more = found.length > 1 ? ` And ${found.length - 1} more.` : '';
  const said = first === undefined ? (problem ?? '') : `${place(first)}: ${first.message}${more}`;
  return { name, state: 'findings', note: said.slice(0, 500) };
}

const place = ({ file, line }: Finding): string => `${file.slice(0, 200)}${line === null ? '' : `:${line}`}`;

function testSection(o: ReviewInput): ReviewSection {
  const failed = o.records.find((record) => record.required && record.outcome !== 'passed');
  return section(
    o,
    'test',
    'Existing tests and their configuration decided as they are on base; none was deleted, skipped or weakened.',
    failed === undefined ? null : `The gate “${failed.name}” did not pass.`,
  );
}

/** Only a gate that measures says anything about speed. */
function performanceSection(o: ReviewInput): ReviewSection {
  const measured = o.records.filter((record) => /perf|bench/i.test(record.name));
  const bad = measured.find((record) => record.outcome !== 'passed');
  if (measured.length === 0 && about(o, 'performance').length === 0)
    return {
      name: 'performance',
      state: 'not_assessed',
      note: 'No gate measures performance: none has “perf” or “bench” in its name.',
    };
  const took = measured.map((record) => {
    const before = o.base.find((one) => one.name === record.name);
    return `“${record.name}” took ${seconds(record)} (base: ${before === undefined ? 'not run' : seconds(before)})`;
  });
  return section(
    o,
    'performance',
    `${took.join(', ')} and passed.`,
    bad === undefined ? null : `The gate “${bad.name}” did not pass.`,
  );
}

const seconds = (record: GateRecord): string =>
  `${(record.durationMs / Math.max(1, record.runs) / 1_000).toFixed(1)} s`;
