import type { GateSpec } from '../../../../shared/goal/vocabulary.ts';

/** A gate with the defaults of the vocabulary; detectors say only what is special. */
export function gate(
  o: Pick<GateSpec, 'name' | 'argv' | 'source'> & Partial<Omit<GateSpec, 'name' | 'argv' | 'source'>>,
): GateSpec {
  return {
    kind: 'check',
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
    ...o,
  };
}

/** A gate that prepares dependencies: once, on base, with the network. */
export function setupGate(
  o: Pick<GateSpec, 'name' | 'argv' | 'source' | 'outputs'> & Partial<GateSpec>,
): GateSpec {
  return gate({ kind: 'setup', network: true, repeat: 1, timeoutMs: 1_800_000, ...o });
}

export const inDir = (dir: string, path: string): string => (dir === '' ? path : `${dir}/${path}`);
