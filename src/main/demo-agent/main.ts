import { scripts } from './scripts.ts';
import { serveWire } from './wire-server.ts';

/**
 * The built-in demonstration agent: its own executable, speaking Wire 1.10. It is scripted, knows the sample repository and
 * nothing else, and says so wherever it is named. `--script NAME` picks what it does.
 */
const at = process.argv.indexOf('--script');
const name = at < 0 ? 'honest' : (process.argv[at + 1] ?? '');
const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
if (script) serveWire('omk demonstration agent', '1', script);
else {
  process.stderr.write(`There is no script "${name}". Known: ${Object.keys(scripts).join(', ')}.\n`);
  process.exitCode = 2;
}
