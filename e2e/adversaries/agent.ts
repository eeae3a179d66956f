import { parseArgs } from 'node:util';
import { serveAcp } from '../../src/main/demo-agent/acp-server.ts';
import { serveWire } from '../../src/main/demo-agent/wire-server.ts';
import type { Turn } from '../../src/main/demo-agent/turn.ts';
import type { Case } from './case.ts';
import { handsFor } from './hands.ts';
import { problemOf } from './problems.ts';

/** The agent of every case: an ordinary subprocess that speaks Wire or ACP and does what the case's file says. */
const { values } = parseArgs({
  options: {
    case: { type: 'string', default: '' },
    variant: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    protocol: { type: 'string', default: 'wire' },
  },
});

const module = (await import(`./cases/${values.case.toLowerCase()}.ts`)) as { readonly theCase: Case };
const variant = module.theCase.variants[values.variant];
if (variant === undefined) throw new Error(`There is no variant ${values.variant} of ${values.case}.`);
const seed = Number(values.seed);
const problem = problemOf(seed);
const repository = variant.repository(problem, seed);
const protocol = values.protocol === 'acp' ? 'acp' : 'wire';
if (variant.process !== undefined) variant.process(protocol);
else
  (protocol === 'acp' ? serveAcp : serveWire)('adversary', '1', async (turn) => {
    let said = false;
    const speaking: Turn = { ...turn, say: (text) => ((said = true), turn.say(text)) };
    await variant.agent(handsFor(speaking, problem, repository, seed));
    // A turn without a word counts as a failure of the model, which would be another case.
    if (!said) turn.say('Done; all tests pass.');
  });
