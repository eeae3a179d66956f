import type { Finding, ReviewSection } from './vocabulary.ts';

type Section = ReviewSection['name'];

/** First part of a rule → the section of the review it belongs to. */
const sections: Readonly<Record<string, Section>> = {
  structure: 'architect',
  dependency: 'architect',
  code: 'code',
  test: 'test',
  oracle: 'test',
  canary: 'test',
  secret: 'security',
  path: 'security',
  sink: 'security',
  supply: 'security',
  performance: 'performance',
  slop: 'anti-slop',
};

/** Rules nobody placed are about the code. */
export const sectionOf = (finding: Pick<Finding, 'rule'>): Section =>
  sections[finding.rule.split('.')[0] ?? ''] ?? 'code';
