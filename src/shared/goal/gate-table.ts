import { count, short } from '../units.ts';
import type { GoldenCase } from './golden-case.ts';
import type { OpenGoal } from './state.ts';
import type { GateOutcome, GateRecord, GateSpec } from './vocabulary.ts';

export type GateRow = {
  readonly name: string;
  readonly kind: GateSpec['kind'];
  /** The exact command, words quoted where a shell would need it. */
  readonly command: string;
  readonly cwd: string;
  readonly script: string | null;
  readonly source: string;
  readonly required: boolean;
  readonly selected: boolean;
  readonly base: GateRecord | null;
  readonly result: GateRecord | null;
  /** How the pair reads: `Fixed. Red before, green now.` */
  readonly reads: string;
  readonly tone: 'pass' | 'fail' | 'open' | 'note';
};

export type GateTable = {
  readonly rows: readonly GateRow[];
  /** `3 of 4 required gates passed on 7c41e0a.` */
  readonly summary: string;
  readonly resultCommit: string | null;
  readonly redToGreen: readonly string[];
  readonly redToGreenCount: number;
  readonly greenToRed: readonly string[];
};

/** Base beside result, gate by gate. The result is that of the newest verification. */
export function gateTable(state: OpenGoal): GateTable {
  const verification = state.verifications.at(-1) ?? null;
  const rows = (state.oracle?.gates ?? []).map((gate): GateRow => {
    const records = gate.kind === 'setup' ? (state.setup?.gates ?? []) : (state.baseChecked?.gates ?? []);
    const base = records.find((one) => one.name === gate.name) ?? null;
    const result = verification?.gates.find((one) => one.name === gate.name) ?? null;
    return {
      name: gate.name,
      kind: gate.kind,
      command: shellText(gate.argv),
      cwd: gate.cwd,
      script: runsText(gate),
      source: gate.source,
      required: gate.required,
      selected: gate.selected,
      base,
      result,
      ...reading(gate, base, result),
    };
  });
  return {
    rows,
    summary: summary(rows, verification?.commit ?? null),
    resultCommit: verification?.commit ?? null,
    redToGreen: verification?.redToGreen ?? [],
    redToGreenCount: verification?.redToGreenCount ?? 0,
    greenToRed: verification?.greenToRed ?? [],
  };
}

/** What a gate runs beyond its command: the script that it calls, or the cases of a golden gate, one a line. */
export const runsText = (gate: GateSpec): string | null =>
  gate.cases?.map((one) => caseText(gate, one)).join('\n') ?? gate.script ?? null;

function caseText(gate: GateSpec, one: GoldenCase): string {
  const input = one.stdin === undefined ? '' : ` with the input ${JSON.stringify(one.stdin.slice(0, 200))}`;
  const as = one.fixture ?? `${shellText([...(gate.old ?? []), ...one.args])} on base`;
  const files = one.files.length === 0 ? '' : `; writes ${one.files.join(', ')}`;
  const wanted = one.differences.map(({ field, reason }) => `; ${field} may differ (${reason})`).join('');
  return `${one.name}: ${shellText([...gate.argv, ...one.args])}${input}, compared with ${as}${files}${wanted}`;
}

/** Gates that agents are told of, as lines of a list: those that judge, but for probes. */
export const toldGates = (goal: OpenGoal): string[] =>
  (goal.oracle?.gates ?? [])
    .filter((gate) => gate.selected && (gate.kind === 'check' || gate.kind === 'golden'))
    .map((gate) => {
      const cases = gate.kind === 'golden' ? `\n${runsText(gate)?.replace(/^/gm, '  - ')}` : '';
      return `- ${shellText(gate.argv)}${gate.cwd === '' ? '' : ` (in ${gate.cwd})`}${cases}`;
    });

/** A command as one line that a shell would split into the same words. */
export const shellText = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

function reading(
  gate: GateSpec,
  base: GateRecord | null,
  result: GateRecord | null,
): Pick<GateRow, 'reads' | 'tone'> {
  if (!gate.selected) return { reads: 'Switched off before the start.', tone: 'note' };
  if (gate.kind === 'setup') {
    if (!base) return { reads: 'Not run yet.', tone: 'open' };
    return base.outcome === 'passed'
      ? { reads: 'Ran once, on base.', tone: 'pass' }
      : { reads: words[base.outcome], tone: 'fail' };
  }
  if (!result)
    return base
      ? { reads: `${beforeWords[base.outcome]} The result has not run yet.`, tone: 'open' }
      : { reads: 'Not run yet.', tone: 'open' };
  if (result.outcome !== 'passed') {
    const worse = base?.outcome === 'passed' ? ' Green before.' : '';
    return { reads: `${words[result.outcome]}${worse}`, tone: 'fail' };
  }
  if (base?.outcome === 'passed') return { reads: 'Same. Green before and now.', tone: 'pass' };
  if (base?.outcome === 'flaky') return { reads: 'Green now, flaky on base.', tone: 'pass' };
  return base
    ? { reads: 'Fixed. Red before, green now.', tone: 'pass' }
    : { reads: 'Green. It did not run on base.', tone: 'pass' };
}

const words: Readonly<Record<GateOutcome, string>> = {
  passed: 'Green.',
  failed: 'Red.',
  errored: 'Could not be run. Not a pass.',
  timed_out: 'Ran out of time. Not a pass.',
  skipped: 'Skipped. Not a pass.',
  flaky: 'Flaky. Not a pass.',
};

const beforeWords: Readonly<Record<GateOutcome, string>> = {
  passed: 'Green on base.',
  failed: 'Red on base.',
  errored: 'Could not be run on base.',
  timed_out: 'Ran out of time on base.',
  skipped: 'Skipped on base.',
  flaky: 'Flaky on base.',
};

function summary(rows: readonly GateRow[], commit: string | null): string {
  const required = rows.filter((one) => one.selected && one.required && one.kind !== 'setup');
  if (required.length === 0) return 'No gates yet.';
  if (commit === null) return `${count(required.length, 'required gate')}, not run on a result yet.`;
  const passed = required.filter((one) => one.result?.outcome === 'passed').length;
  return `${passed} of ${count(required.length, 'required gate')} passed on ${short(commit)}.`;
}
