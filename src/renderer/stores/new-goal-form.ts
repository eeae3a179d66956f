import type { DetectedAgent } from '../../shared/api/agents.ts';
import type { AppInfo } from '../../shared/api/agents.ts';
import type { Inspection } from '../../shared/api/projects.ts';
import type { AgentSpec, GateSpec, GoalPolicy } from '../../shared/goal/vocabulary.ts';
import type { BudgetInput } from './budget-input.ts';
import { writeBudget } from './budget-input.ts';

export const CUSTOM_AGENT = '~custom';

/** What a person may set before a goal starts. The text is kept apart: it survives the form. */
export type NewGoalForm = {
  /** Gate name -> whether it runs, where the person said something else than was found. */
  readonly selection: Readonly<Record<string, boolean>>;
  readonly added: readonly GateSpec[];
  readonly probes: readonly GateSpec[];
  /** Name of a detected agent, `CUSTOM_AGENT`, or '' for the first that can be used. */
  readonly agent: string;
  readonly customCommand: string;
  readonly budget: BudgetInput;
  readonly policy: GoalPolicy;
};

export function firstForm(defaults: AppInfo['defaults']): NewGoalForm {
  return {
    selection: {},
    added: [],
    probes: [],
    agent: '',
    customCommand: '',
    budget: writeBudget(defaults.budget),
    policy: defaults.policy,
  };
}

export const usable = (agent: DetectedAgent): boolean => agent.spec !== null && agent.login !== 'signed_out';

/** The agent that would be used: the one chosen, else the first real one that can be used, else the demonstration. */
export function chosenAgent(form: NewGoalForm, agents: readonly DetectedAgent[]): DetectedAgent | null {
  if (form.agent === CUSTOM_AGENT) return null;
  const named = agents.find((agent) => agent.name === form.agent && usable(agent));
  if (named) return named;
  return agents.find((agent) => usable(agent) && !agent.demo) ?? agents.find(usable) ?? null;
}

export const isOn = (form: NewGoalForm, gate: GateSpec): boolean =>
  form.selection[gate.name] ?? gate.selected;

/** Gates the goal would start with: found ones as they are switched, then what was added. Probes are not among them. */
export function startingGates(form: NewGoalForm, inspection: Inspection): readonly GateSpec[] {
  const added = new Set(form.added.map((gate) => gate.name));
  return [
    ...inspection.gates.gates.filter((gate) => !added.has(gate.name) && isOn(form, gate)),
    ...form.added,
  ];
}

/** Whether the choices change what the inspection found, so that its digest no longer speaks of them. */
export const changesOracle = (form: NewGoalForm, inspection: Inspection): boolean =>
  form.added.length > 0 ||
  form.probes.length > 0 ||
  inspection.gates.gates.some((gate) => isOn(form, gate) !== gate.selected);

/** A command typed by a person as a gate; its words are already split. */
export function typedGate(name: string, argv: string[]): GateSpec {
  return {
    name,
    kind: 'check',
    argv,
    cwd: '',
    required: true,
    selected: true,
    timeoutMs: 600_000,
    repeat: 2,
    cost: 'cheap',
    network: false,
    exclusive: false,
    env: [],
    parser: 'none',
    outputs: [],
    source: 'you',
  };
}

export function typedProbe(
  name: string,
  argv: string[],
  more: { readonly stdin: string; readonly stdout: string; readonly exit: number | null },
): GateSpec {
  return {
    ...typedGate(name, argv),
    kind: 'probe',
    ...(more.stdin !== '' && { stdin: more.stdin }),
    expect: {
      // Compared to the byte; what programs print ends with a line break.
      ...(more.stdout !== '' && { stdout: more.stdout.endsWith('\n') ? more.stdout : `${more.stdout}\n` }),
      ...(more.exit !== null && { exit: more.exit }),
    },
  };
}

export const agentSpec = (
  form: NewGoalForm,
  agents: readonly DetectedAgent[],
  custom: AgentSpec | null,
): AgentSpec | null => (form.agent === CUSTOM_AGENT ? custom : (chosenAgent(form, agents)?.spec ?? null));
