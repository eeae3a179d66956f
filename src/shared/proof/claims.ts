import type { OpenGoal, Verification } from '../goal/state.ts';
import type { AgentClaim } from '../goal/vocabulary.ts';

export type Claim = {
  /** The agent's own words. */
  readonly said: string;
  readonly verdict: 'supported' | 'contradicted' | 'unsupported';
  /** What was found, in omk's words. */
  readonly found: string;
};

/**
 * Structured claims of the agent's last words held against evidence: that tests pass, that files were changed, that a command was
 * run. Every other sentence is its own words and is only quoted; a sentence that says what was *not* done claims nothing here.
 * Sentences are capped: a summary is not a place to hide in.
 */
export function structuredClaims(state: OpenGoal): readonly Claim[] {
  const candidate = state.candidates.at(-1);
  if (!candidate) return [];
  const verification = state.verifications.findLast((one) => one.commit === candidate.commit) ?? null;
  const words = sentences(candidate.summary).flatMap((said): Claim[] => {
    const found = wordsFound(said, state, verification);
    return found ? [{ said, ...found }] : [];
  });
  const reported = state.claims
    .filter((one) => one.attemptId === candidate.attemptId)
    .slice(-40)
    .map(({ claim }): Claim => ({ said: claim.said, ...reportFound(claim, state, verification) }));
  return [...reported, ...words.filter(({ said }) => !reported.some((one) => one.said === said))];
}

const wordsFound = (said: string, state: OpenGoal, verification: Verification | null): Found | null =>
  testsPass(said, verification) ?? commandRun(said, state, verification) ?? filesChanged(said, verification);

/** A report that an agent made on purpose is always shown; what omk cannot look at is unsupported, never left out. */
function reportFound(claim: AgentClaim, state: OpenGoal, verification: Verification | null): Found {
  const all = [
    wordsFound(claim.said, state, verification),
    claim.command === null ? null : ranCommand(claim.command, state, verification),
    claim.files.length === 0 ? null : inDiff(claim.files, verification),
  ].filter((one) => one !== null);
  const worst = (['contradicted', 'unsupported', 'supported'] as const).find((verdict) =>
    all.some((one) => one.verdict === verdict),
  );
  if (worst === undefined)
    return { verdict: 'unsupported', found: 'Nothing that omk has seen can be held against this.' };
  return { verdict: worst, found: [...new Set(all.map((one) => one.found))].join(' ') };
}

type Found = Omit<Claim, 'said'>;

const TESTS = /\b(?:tests?|gates?|suites?|checks?)\b/i;
const PASS = /\b(?:pass|passes|passed|passing|green|succeeds?|succeeded)\b/i;
/** Sentences that deny, wish or hedge. */
const NO_CLAIM =
  /\b(?:not|never|no|none|neither|without|cannot|unless|until|if|should|would|could|might|may|will|must|need|needs|want|so that|in order to)\b|n['’]t\b|\bfail(?:s|ed|ing|ure|ures)?\b/i;

function testsPass(said: string, verification: Verification | null): Found | null {
  const counted = said.replace(
    /\b(?:0|no|zero|without)\s+(?:tests?\s+)?(?:failed|failures?|failing|errors?)\b/gi,
    '',
  );
  if (!TESTS.test(counted) || !PASS.test(counted) || NO_CLAIM.test(counted)) return null;
  const share = /\b(\d+)\s*(?:of|out of|\/)\s*(\d+)\b/i.exec(counted);
  if (share && share[1] !== share[2]) return null;
  if (!verification) return { verdict: 'unsupported', found: 'No verification of this commit.' };
  const { gates } = verification;
  const passed = gates.filter((gate) => gate.outcome === 'passed').length;
  const failed = gates.filter((gate) => gate.required && gate.outcome !== 'passed');
  if (failed.length > 0) {
    const names = failed.map((gate) => gate.name).join(', ');
    return {
      verdict: 'contradicted',
      found: `${failed.length} of ${gates.length} gates did not pass: ${names}.`,
    };
  }
  return {
    verdict: gates.length > 0 ? 'supported' : 'unsupported',
    found: `${passed} of ${gates.length} gates passed in a clean tree.`,
  };
}

function commandRun(said: string, state: OpenGoal, verification: Verification | null): Found | null {
  const command = /\b(?:ran|run|reran|re-ran|executed)\b[^`]*`([^`]+)`/i.exec(said)?.[1]?.trim();
  return command === undefined || NO_CLAIM.test(said) ? null : ranCommand(command, state, verification);
}

function ranCommand(command: string, state: OpenGoal, verification: Verification | null): Found {
  const gate = state.oracle?.gates.find((one) => one.argv.join(' ') === command || one.script === command);
  const ran = gate && verification?.gates.find((one) => one.name === gate.name);
  if (!ran) return { verdict: 'unsupported', found: 'omk keeps no result of what an agent ran.' };
  return {
    verdict: ran.outcome === 'passed' ? 'supported' : 'contradicted',
    found: `omk ran it itself as ${ran.name}: ${ran.outcome.replace('_', ' ')}.`,
  };
}

const CHANGED =
  /\b(?:changed|edited|fixed|updated|modified|added|wrote|rewrote|created|refactored|removed|deleted|renamed)\b/i;
const UNCHANGED = /\b(?:not|never|without|unchanged|untouched|alone)\b|n['’]t\b/i;
/** A path in quotes, or one with a folder in it; a bare word with a dot may be a version, a domain or a product. */
const PATH =
  /(?<![\w:/.@-])([`“"']?)((?:\/|\.\/)?(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[A-Za-z][A-Za-z0-9]{0,7})\b/g;

function filesChanged(said: string, verification: Verification | null): Found | null {
  if (!verification || !CHANGED.test(said) || UNCHANGED.test(said)) return null;
  const files = [...said.matchAll(PATH)]
    .map(([, quote, path = '']) => ({
      path: path.replace(/^\.\//, ''),
      sure: quote === '`' || path.includes('/'),
    }))
    .filter(({ path, sure }) => sure || touches(path, verification))
    .map(({ path }) => path);
  return files.length === 0 ? null : inDiff(files, verification);
}

function touches(file: string, verification: Verification): boolean {
  const changed = verification.changed.flatMap((one) => [one.path, one.previousPath ?? one.path]);
  return changed.some((path) => path === file || path.endsWith(`/${file}`) || file.endsWith(`/${path}`));
}

function inDiff(files: readonly string[], verification: Verification | null): Found {
  if (!verification) return { verdict: 'unsupported', found: 'No verification of this commit.' };
  const missing = files.filter((file) => !touches(file.replace(/^\.\//, ''), verification));
  if (missing.length === 0)
    return { verdict: 'supported', found: `The diff changes ${files.slice(0, 5).join(', ')}.` };
  // The log names no more than so many files; what it does not name may still have been changed.
  const whole = verification.changedCount <= verification.changed.length;
  return whole
    ? { verdict: 'contradicted', found: `The diff does not change ${missing.slice(0, 5).join(', ')}.` }
    : { verdict: 'unsupported', found: 'The diff changes more files than are named here.' };
}

function sentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .slice(-40)
    .map((sentence) => sentence.slice(0, 400));
}
