import { withLogin } from './acp-login.ts';
import { serve } from './acp-protocol.ts';
import { shared } from './acp-scenarios.ts';
import { served } from './acp-served.ts';
import { wrap } from './acp-shared-traps.ts';
import { hiddenFailures, traps } from './acp-traps.ts';
import type { Agent } from './acp-protocol.ts';

// A fake ACP agent: `acp-agent.ts <scenario>`; what it plays is said in test/contract/scenarios.ts, acp-traps.ts, acp-served.ts
// and acp-login.ts.
const name = process.argv.at(-1) ?? '';
const agents: Readonly<Record<string, Agent>> = {
  ...shared,
  ...traps,
  ...hiddenFailures,
  ...served,
  ...withLogin,
};
const agent = agents[name];

if (name === 'dies-at-start') {
  process.stderr.write('Error: cannot find module acp\n');
  process.exitCode = 1;
} else if (name === 'wrapper') {
  wrap(process.argv[1] ?? '', 'slow');
} else if (agent === undefined) {
  process.stderr.write(`unknown scenario ${name}\n`);
  process.exitCode = 2;
} else {
  serve(agent);
}
