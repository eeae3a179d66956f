import { serveAcp } from './acp-server.ts';
import { scripts } from './scripts.ts';
import { serveWire } from './wire-server.ts';

/**
 * The built-in demonstration agent: its own executable, speaking Wire 1.10 or, with `--protocol acp`, the Agent Client Protocol 1.
 * It is scripted, knows the sample repository and nothing else, and says so wherever it is named. `--script NAME` picks what it
 * does.
 */
const servers = { wire: serveWire, acp: serveAcp };

function option(flag: string, otherwise: string): string {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? '');
}

/** The entry of that name, or a sentence on standard error that names those there are. */
function pick<T>(what: string, name: string, known: Readonly<Record<string, T>>): T | undefined {
  if (Object.hasOwn(known, name)) return known[name];
  process.stderr.write(`There is no ${what} "${name}". Known: ${Object.keys(known).join(', ')}.\n`);
  process.exitCode = 2;
  return undefined;
}

const script = pick('script', option('--script', 'honest'), scripts);
const serve = pick('protocol', option('--protocol', 'wire'), servers);
if (script && serve) serve('omk demonstration agent', '1', script);
