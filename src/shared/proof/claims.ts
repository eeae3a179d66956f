import type { OpenGoal } from '../goal/state.ts';

export type Claim = {
  /** The agent's own words. */
  readonly said: string;
  readonly verdict: 'supported' | 'contradicted' | 'unsupported';
  /** What was found, in omk's words. */
  readonly found: string;
};

/**
 * Structured claims of the agent's last words held against evidence: that tests pass, that files were changed. Every other
 * sentence is its own words and is only quoted. Sentences are capped: a summary is not a place to hide in.
 */
export function structuredClaims(state: OpenGoal): readonly Claim[] {
  const candidate = state.candidates.at(-1);
  if (!candidate) return [];
  const verification = state.verifications.findLast((one) => one.commit === candidate.commit);
  return sentences(candidate.summary).flatMap((said): Claim[] => {
    if (/\b(tests?|gates?|suite|checks?)\b.*\b(pass|passes|passed|passing|green|succeed)/i.test(said)) {
      if (!verification) return [{ said, verdict: 'unsupported', found: 'No verification of this commit.' }];
      const failed = verification.gates.filter((gate) => gate.required && gate.outcome !== 'passed');
      const ran = verification.gates.length;
      if (failed.length > 0) {
        return [
          {
            said,
            verdict: 'contradicted',
            found: `${failed.length} of ${ran} gates did not pass: ${failed.map((gate) => gate.name).join(', ')}.`,
          },
        ];
      }
      return [
        {
          said,
          verdict: ran > 0 ? 'supported' : 'unsupported',
          found: `${ran} of ${ran} gates passed in a clean tree.`,
        },
      ];
    }
    const file =
      /\b(?:changed|edited|fixed|updated|modified|added|wrote|rewrote|created)\b[^.]*?[`“"']?([\w./-]+\.\w{1,8})\b/i.exec(
        said,
      )?.[1];
    if (file !== undefined && verification) {
      const touched = verification.changed.some((one) => one.path === file || one.path.endsWith(`/${file}`));
      return [
        touched
          ? { said, verdict: 'supported', found: `The diff changes ${file}.` }
          : { said, verdict: 'contradicted', found: `The diff does not change ${file}.` },
      ];
    }
    return [];
  });
}

function sentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .slice(-40)
    .map((sentence) => sentence.slice(0, 400));
}
