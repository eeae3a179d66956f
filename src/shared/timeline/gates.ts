import type { AttemptId } from '../kernel/ids.ts';
import type { GateRecord } from '../goal/vocabulary.ts';
import type { TimelineDraft } from './model.ts';
import { duration, integer } from '../units.ts';

/** The agent's words are quoted, never put in omk's mouth. */
export function quote(attemptId: AttemptId, text: string): TimelineDraft {
  return { group: 'agents', icon: 'text', attemptId, lead: '', spans: [{ text }] };
}

const outcomePhrase: Record<GateRecord['outcome'], string> = {
  passed: 'passed',
  failed: 'failed',
  errored: 'could not run',
  timed_out: 'ran out of time',
  skipped: 'was skipped',
  flaky: 'is flaky',
};

/** On base a red gate is knowledge, on a candidate it is a failure. */
export function gateRow(
  gate: GateRecord,
  on: { readonly commit: string; readonly attemptId: AttemptId } | null,
): TimelineDraft {
  const attemptId = on?.attemptId ?? null;
  const failed = gate.outcome !== 'passed' && gate.outcome !== 'skipped';
  const counts = gate.counts
    ? `: ${integer(gate.counts.passed)} passed, ${integer(gate.counts.failed)} failed, ${integer(gate.counts.skipped)} skipped`
    : '';
  return {
    group: 'gates',
    icon: failed && attemptId !== null ? 'failure' : 'gate',
    tone: failed && attemptId !== null && gate.required ? 'failure' : 'plain',
    attemptId,
    lead: `${gate.name} ${outcomePhrase[gate.outcome]}`,
    spans: [
      { text: on ? 'on ' : 'on base' },
      ...(on ? [{ text: on.commit, as: 'code' as const }] : []),
      { text: counts },
    ],
    aside: `${gate.runs > 1 ? `${gate.runs} runs, ` : ''}${duration(gate.durationMs)}`,
    block: [...gate.notes, ...gate.failedTests].slice(0, 6),
    evidence: gate.evidence,
  };
}
