import { expect, test } from 'vitest';
import { AgentAbilities, abilityLines } from './agent-abilities.ts';

const all = (can: boolean | null): AgentAbilities => ({
  questions: can,
  usage: can === null ? null : can ? 'live' : 'none',
  resume: can,
  executor: can,
  steering: can,
  failures: can,
  tools: can,
});

test('every ability has one sentence, another one without it, and the first while it is not known', () => {
  const [yes, no, unknown] = [true, false, null].map((can) => abilityLines(all(can)).map(({ text }) => text));
  expect(new Set(yes).size).toBe(Object.keys(AgentAbilities.shape).length);
  expect(new Set([...(yes ?? []), ...(no ?? [])]).size).toBe(2 * (yes?.length ?? 0));
  expect(unknown).toEqual(yes);
});

test('what an agent can do comes first, then what it cannot, then what only a try can tell', () => {
  const lines = abilityLines({ ...all(true), questions: null, steering: false, tools: null });
  expect(lines.map(({ can }) => can)).toEqual([true, true, true, true, false, null, null]);
  expect(lines[4]?.text).toBe('Takes a new instruction between turns');
});

test('token use says where it is known from, and that it is estimated where it is not', () => {
  const usage = (how: AgentAbilities['usage']) =>
    abilityLines({ ...all(true), usage: how }).find(({ text }) => text.includes('token use'));
  expect(usage('live')).toEqual({ can: true, text: 'Reports its token use as it works' });
  expect(usage('sidecar')).toEqual({ can: true, text: 'Its token use is read from its session file' });
  expect(usage('none')).toEqual({ can: false, text: 'Reports no token use: omk estimates it, and says so' });
  expect(usage(null)?.can).toBeNull();
});
