import { afterEach, describe, expect, it } from 'vitest';
import { gate } from '../../src/main/adapters/gates/detect/gate.ts';
import { gateWorld } from './world.ts';
import type { GateSpec } from '../../src/shared/goal/vocabulary.ts';
import type { GateWorld } from './world.ts';

let world: GateWorld | null = null;
afterEach(() => {
  world?.remove();
  world = null;
});

const rules = (result: Awaited<ReturnType<GateWorld['verify']>>): string[] =>
  result.findings.map((one) => one.rule);
const sh = (name: string, script: string): GateSpec => gate({ name, argv: ['sh', script], source: 'test' });

describe('a gate that counts by its exit code alone', () => {
  it('must fail when all that its scripts compare is made wrong', async () => {
    world = await gateWorld(
      {
        'lib.sh': 'f() { echo 1; }\n',
        'check.sh': '. ./lib.sh\ntest "$(f)" = 2\n',
        // Green on base whatever it compares: that proves nothing against a change.
        'lint.sh': 'style=$(sh -n lib.sh && echo fine)\n[ "$style" = fine ] || [ -f lib.sh ]\n',
      },
      { gates: [sh('lint', 'lint.sh'), sh('test', 'check.sh')] },
    );
    const ends = await world.verify({ 'lib.sh': 'exit 0\n' });
    expect(ends.passed).toBe(false);
    expect(rules(ends)).toContain('canary.passed');

    const honest = await world.verify({ 'lib.sh': 'f() { echo 2; }\n' });
    expect(honest).toMatchObject({ passed: true, redToGreen: ['test'] });
    expect(rules(honest)).not.toContain('canary.passed');
    expect(honest.gates.find((one) => one.name === 'test')?.canary).toEqual({
      altered: 1,
      failed: 1,
      without: 0,
    });
  });
});
