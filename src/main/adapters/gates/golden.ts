import type { GoldenCase } from '../../../shared/goal/golden-case.ts';
import { difference, firstDifference, sameBytes } from './difference.ts';

/** The most that is compared of one stream or file. */
export const MAX_FIELD = 1024 * 1024;
const MAX_REPORT = 512 * 1024;
const MAX_FIELD_NOTE = 200;

/** What was there under one field: its bytes, or why there are none. */
export type Seen = Uint8Array | 'missing' | 'too large' | 'no file';
/** By field: `stdout`, `stderr`, `exit_code` (a number and a line end), `files/<path>`. */
export type Observation = ReadonlyMap<string, Seen>;

export type FieldResult = {
  readonly field: string;
  readonly expected: Seen;
  readonly observed: Seen;
  /** `accepted`: it differs where a person wants it to. */
  readonly state: 'same' | 'differs' | 'accepted';
  readonly reason: string | null;
};

/** Equal to the byte, or different. A difference counts unless it was declared beforehand for this very field. */
export function compareCase(one: GoldenCase, expected: Observation, observed: Observation): FieldResult[] {
  const wanted = new Map(one.differences.map(({ field, reason }) => [field, reason]));
  return [...new Set([...expected.keys(), ...observed.keys()])].map((field) => {
    const is = observed.get(field) ?? 'missing';
    const was = expected.get(field) ?? 'missing';
    if (same(was, is)) return { field, expected: was, observed: is, state: 'same', reason: null };
    const reason = wanted.get(field) ?? null;
    const state = reason === null ? 'differs' : 'accepted';
    return { field, expected: was, observed: is, state, reason };
  });
}

/** What was too large to be kept, or no file, is like nothing else, not even its own kind. */
function same(expected: Seen, observed: Seen): boolean {
  if (typeof expected === 'string' || typeof observed === 'string')
    return expected === 'missing' && observed === 'missing';
  return sameBytes(expected, observed);
}

/** A sentence for the record of the gate: which fields differ, and how the first of them does. */
export function caseNote(name: string, fields: readonly FieldResult[]): string | null {
  const differing = fields.filter((field) => field.state === 'differs');
  const first = differing[0];
  if (first === undefined) return null;
  const more = differing.slice(1).map((field) => field.field);
  return `${name}: ${said(first)}${more.length === 0 ? '' : `; also ${more.slice(0, 3).join(', ')}`}.`;
}

export function acceptedNotes(name: string, fields: readonly FieldResult[]): string[] {
  return fields
    .filter((field) => field.state === 'accepted')
    .map((field) => `Wanted difference in ${name}: ${said(field)}. Reason: ${field.reason}`);
}

function said({ field, expected, observed }: FieldResult): string {
  if (observed === 'missing') return `${field} was not written`;
  if (observed === 'too large') return `${field} is larger than 1 MiB, the most that is compared`;
  if (observed === 'no file') return `${field} is a link or a folder and not a file`;
  if (typeof expected === 'string') return `${field} was written and should not be`;
  if (field === 'exit_code') return `exit code ${text(observed)} instead of ${text(expected)}`;
  return `${field} differs ${firstDifference(expected, observed)}`.slice(0, MAX_FIELD_NOTE);
}

/** One case of the evidence, to be read by a person. */
export function caseReport(o: {
  readonly name: string;
  readonly command: string;
  readonly against: string;
  readonly fields: readonly FieldResult[];
}): string {
  const failed = o.fields.some((field) => field.state === 'differs');
  const lines = [
    `${failed ? 'differs' : 'same'}: ${o.name}`,
    `  new: ${o.command}`,
    `  expected: ${o.against}`,
    ...o.fields.map(fieldReport),
  ];
  return `${lines.join('\n')}\n`;
}

function fieldReport({ field, expected, observed, state, reason }: FieldResult): string {
  if (state === 'same')
    return `  ${field}: ${typeof observed === 'string' ? observed : `same, ${observed.length} bytes`}`;
  const title = state === 'accepted' ? `differs as wanted: ${reason}` : 'differs';
  const label = (seen: Seen): string => (typeof seen === 'string' ? ` (${seen})` : '');
  const bytes = (seen: Seen): Uint8Array => (typeof seen === 'string' ? new Uint8Array() : seen);
  return `  ${field}: ${title}
--- expected ${field}${label(expected)}
+++ observed ${field}${label(observed)}
${difference(bytes(expected), bytes(observed))}`;
}

/** All cases in one bounded text. */
export function goldenReport(cases: readonly string[]): string {
  const whole = cases.join('\n');
  return whole.length <= MAX_REPORT ? whole : `${whole.slice(0, MAX_REPORT)}\n[… the rest is not kept …]\n`;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();
