import { serverFor } from './wire-scenarios.ts';
import { serve } from './wire-protocol.ts';
import { wrap } from './wire-traps.ts';

// A fake Wire 1.10 server: `wire-server.ts <scenario> [options of kimi-cli]`; what it plays is said in test/contract/scenarios.ts.
const scenario = process.argv[2] ?? '';
if (scenario === 'dies-at-start') {
  process.stderr.write('Error: cannot find module kimi_cli\n');
  process.exitCode = 1;
} else if (scenario === 'wrapper') {
  wrap(process.argv[1] ?? '');
} else {
  serve(serverFor(scenario));
}
