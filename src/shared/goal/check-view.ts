import { count } from '../units.ts';
import { isolationWords, levelWords, usesUserHome } from './user-home.ts';
import type { OpenGoal, Verification } from './state.ts';
import type { GateRecord } from './vocabulary.ts';

/** One thing that makes a result believable, in words for somebody who sees omk for the first time. */
export type CheckLine = {
  readonly key: 'oracle' | 'red_first' | 'canary' | 'repeats' | 'probes' | 'isolation';
  readonly title: string;
  /** `weak`: it holds less than it could, or could not be had. */
  readonly state: 'holds' | 'weak' | 'fails';
  readonly text: string;
  /** What it is good for. */
  readonly why: string;
};

/** How the newest result was checked; empty before it was. */
export function checkLines(state: OpenGoal): readonly CheckLine[] {
  const verification = state.verifications.at(-1);
  if (!verification) return [];
  return [
    oracleLine(state, verification),
    redFirstLine(state, verification),
    canaryLine(verification),
    repeatsLine(verification),
    probesLine(verification),
    isolationLine(state, verification),
  ];
}

function oracleLine(state: OpenGoal, { lockedChanged, proposedOracle }: Verification): CheckLine {
  const line = {
    key: 'oracle',
    title: 'Locked oracle',
    why: 'An agent that may edit what judges it can pass by editing it.',
  } as const;
  const locked = count(state.oracle?.lockedFiles ?? 0, 'file');
  if (lockedChanged.length === 0)
    return {
      ...line,
      state: 'holds',
      text: `Tests, their configuration and the gates were those of base: ${locked} locked. The result changes none of them.`,
    };
  const files = `${count(lockedChanged.length, 'locked file')} (${named(lockedChanged)})`;
  return state.approvedOracles.some((one) => one.digest === proposedOracle)
    ? {
        ...line,
        state: 'holds',
        text: `The result changes ${files}. You approved exactly these bytes, and they decided.`,
      }
    : {
        ...line,
        state: 'weak',
        text: `The result changes ${files}. They were put back to base for the run that decides; their new bytes decided nothing.`,
      };
}

function redFirstLine(state: OpenGoal, verification: Verification): CheckLine {
  const { redToGreen, redToGreenCount: fixed, greenToRed, onlyOwnTests } = verification;
  const { kind } = state.opened.policy;
  const lost =
    greenToRed.length > 0
      ? ` ${count(greenToRed.length, 'check')} went from green to red: ${named(greenToRed)}.`
      : '';
  const line = {
    key: 'red_first',
    title: 'Red first',
    why: 'A check that was green before says nothing about what the change did.',
  } as const;
  if (fixed === 0)
    return {
      ...line,
      state: lost !== '' ? 'fails' : 'weak',
      text: `${kind === 'change' ? 'No check that failed on base passes now.' : `You said that this is ${kind === 'docs' ? 'documentation' : 'a refactor'}: nothing has to go from red to green.`}${lost}`,
    };
  const by = onlyOwnTests ? ', all of them written by the agent' : '';
  return {
    ...line,
    state: lost !== '' ? 'fails' : onlyOwnTests ? 'weak' : 'holds',
    text: `${count(fixed, 'check')} failed on base and ${fixed === 1 ? 'passes' : 'pass'} now${by}: ${named(redToGreen)}.${lost}`,
  };
}

function canaryLine({ gates, findings, redToGreenCount }: Verification): CheckLine {
  const sum = (of: (canary: NonNullable<GateRecord['canary']>) => number): number =>
    gates.reduce((total, gate) => total + (gate.canary === undefined ? 0 : of(gate.canary)), 0);
  const [altered, failed, without] = [
    sum((one) => one.altered),
    sum((one) => one.failed),
    sum((one) => one.without),
  ];
  const line = {
    key: 'canary',
    title: 'Canary',
    why: 'Each fixed test runs once more with one expectation made wrong, a gate without single tests with all of them. What still passes cannot fail, and proves nothing.',
  } as const;
  const survived = findings.find((one) => one.rule === 'canary.passed');
  if (survived) return { ...line, state: 'fails', text: survived.message };
  const rest = without > 0 ? ` ${count(without, 'test')} had no expectation that could be altered.` : '';
  if (altered > 0)
    return {
      ...line,
      state: failed === altered ? 'holds' : 'fails',
      text: `${failed} of ${count(altered, 'altered test')} failed, as they must.${rest}`,
    };
  const said = gates.flatMap((gate) => gate.notes).find((note) => /^(?:No canary|Canary:)/.test(note));
  if (said !== undefined) return { ...line, state: said.startsWith('Canary') ? 'holds' : 'weak', text: said };
  return {
    ...line,
    state: 'weak',
    text:
      redToGreenCount === 0
        ? 'None was run: nothing went from red to green.'
        : `None: no fixed check has an expectation that could be altered.`,
  };
}

function repeatsLine({ gates }: Verification): CheckLine {
  const ran = gates.filter((gate) => gate.runs > 0 && gate.kind !== 'setup');
  const line = {
    key: 'repeats',
    title: 'Repeats',
    why: 'Every run starts from a fresh copy of the commit. A result that differs from run to run is luck.',
  } as const;
  const flaky = ran.filter((gate) => gate.outcome === 'flaky');
  if (flaky.length > 0)
    return {
      ...line,
      state: flaky.some((gate) => gate.required) ? 'fails' : 'weak',
      text: `${flaky.map(flakes).join('; ')}: the same commit, different results.`,
    };
  const once = ran.filter((gate) => gate.runs === 1).map((gate) => gate.name);
  if (ran.length === 0) return { ...line, state: 'fails', text: 'No gate ran on the result.' };
  if (once.length === ran.length) return { ...line, state: 'weak', text: 'Every gate ran once.' };
  const times = [...new Set(ran.filter((gate) => gate.runs > 1).map((gate) => gate.runs))].toSorted(
    (a, b) => a - b,
  );
  const each = `${once.length === 0 ? 'Every gate' : `${ran.length - once.length} of ${ran.length} gates`} ran ${times.join(' or ')} times, each time with the same result.`;
  return once.length === 0
    ? { ...line, state: 'holds', text: each }
    : { ...line, state: 'weak', text: `${each} Once only: ${named(once)}.` };
}

const flakes = (gate: GateRecord): string =>
  `${gate.name}: ${gate.passedRuns === undefined ? 'some' : gate.passedRuns} of ${gate.runs} runs passed`;

function probesLine({ gates }: Verification): CheckLine {
  const probes = gates.filter((gate) => gate.kind === 'probe');
  const passed = probes.filter((gate) => gate.outcome === 'passed').length;
  const line = {
    key: 'probes',
    title: 'Probes',
    why: 'Checks no agent ever sees. Code that fits only the visible tests fails them.',
  } as const;
  if (probes.length === 0)
    return {
      ...line,
      state: 'weak',
      text: 'None were given: code that is right only for the tests’ own inputs would pass.',
    };
  return {
    ...line,
    state: passed === probes.length ? 'holds' : 'fails',
    text: `${passed} of ${count(probes.length, 'probe')} passed: ${named(probes.map((gate) => gate.name))}.`,
  };
}

function isolationLine(state: OpenGoal, { isolation, isolationNote }: Verification): CheckLine {
  const { agent } = state.opened;
  const walls = {
    L0: 'nothing but a folder of its own',
    L1: 'its calls go through the protocol',
    L2: 'namespaces of the operating system',
    L3: 'a container',
  } as const;
  return {
    key: 'isolation',
    title: `Isolation ${levelWords(isolation, agent)}`,
    state: (isolation === 'L2' || isolation === 'L3') && !usesUserHome(agent) ? 'holds' : 'weak',
    text: `Between the agent and what judges it: ${walls[isolation]}. ${isolationWords(isolationNote, agent)}`.trim(),
    why: 'What an agent cannot reach it cannot bend.',
  };
}

const named = (names: readonly string[]): string => {
  const shown = names.slice(0, 3).map((one) => (one.length > 120 ? `${one.slice(0, 119)}…` : one));
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
};
