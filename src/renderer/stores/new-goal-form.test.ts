import { describe, expect, it } from 'vitest';
import { defaultBudget, defaultPolicy } from '../../shared/goal/vocabulary.ts';
import { courier, detectedAgents } from '../testing/scene-host.ts';
import {
  agentSpec,
  changesOracle,
  chosenAgent,
  CUSTOM_AGENT,
  firstForm,
  startingGates,
  typedGate,
  typedProbe,
} from './new-goal-form.ts';

const form = firstForm({ budget: defaultBudget, policy: defaultPolicy });

describe('the form of a new goal', () => {
  it('begins with what the host says are the defaults', () => {
    expect(form.budget).toEqual({ time: '2h', tokens: '2M', usd: '' });
  });

  it('chooses the first real agent that can be used, and the demonstration only when there is no other', () => {
    expect(chosenAgent(form, detectedAgents)?.name).toBe('kimi-code');
    expect(chosenAgent(form, detectedAgents.slice(1))?.name).toBe('demo');
    expect(chosenAgent({ ...form, agent: 'qwen-code' }, detectedAgents)?.name).toBe('kimi-code');
    expect(chosenAgent(form, [])).toBeNull();
  });

  it('uses a typed command only once it could be read', () => {
    const custom = { ...form, agent: CUSTOM_AGENT };
    expect(agentSpec(custom, detectedAgents, null)).toBeNull();
  });

  it('knows that its choices are no longer what was inspected', () => {
    const [first] = courier.gates.gates;
    expect(changesOracle(form, courier)).toBe(false);
    expect(
      changesOracle({ ...form, selection: { [first?.name ?? '']: first?.selected ?? true } }, courier),
    ).toBe(false);
    expect(changesOracle({ ...form, selection: { [first?.name ?? '']: false } }, courier)).toBe(true);
    expect(changesOracle({ ...form, probes: [typedGate('p', ['x'])] }, courier)).toBe(true);
  });

  it('starts with gates as they are switched, an added one in the place of a found one of its name', () => {
    const names = startingGates(
      { ...form, selection: { Bench: false }, added: [typedGate('Typecheck', ['tsc'])] },
      courier,
    ).map((gate) => [gate.name, gate.source]);
    expect(names).toEqual([
      ['Setup', 'pnpm-lock.yaml'],
      ['Unit tests', 'package.json scripts.test'],
      ['Typecheck', 'you'],
    ]);
  });

  it('expects of a probe the line that programs print', () => {
    const probe = typedProbe('p', ['x'], { stdin: '', stdout: 'waited 2s', exit: 0 });
    expect(probe).toMatchObject({ kind: 'probe', expect: { stdout: 'waited 2s\n', exit: 0 } });
    expect('stdin' in probe).toBe(false);
  });
});
