import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { programsOf } from '../../runtime/verification/called-files.ts';
import { noSandbox } from '../process/types.ts';
import type { RunDeps } from './run-gate.ts';
import { boundedOutput } from './bounded-output.ts';

const LIMIT_MS = 10_000;

/** Asks every program that gates call for its version, once per program; the answers belong to the proof and to setup's key. */
export function createVersions(
  deps: RunDeps,
): (gates: readonly GateSpec[]) => Promise<Record<string, string>> {
  const known = new Map<string, Promise<string | null>>();
  const ask = async (name: string): Promise<string | null> => {
    const path = await deps.tools.find(name);
    if (path === null) return null;
    const child = deps.spawn({
      argv: [path, name === 'go' ? 'version' : '--version'],
      cwd: '/',
      env: { PATH: deps.tools.dirs.join(':'), LANG: 'C.UTF-8', HOME: '/nonexistent' },
      sandbox: noSandbox,
      stdin: '',
    });
    const out = boundedOutput(4_096, 0);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.resume();
    const timer = setTimeout(() => void child.stop({ graceMs: 0, term: false }), LIMIT_MS);
    const exit = await child.exited;
    clearTimeout(timer);
    await child.stop({ graceMs: 0, term: false });
    const line = out.text().split('\n')[0]?.trim() ?? '';
    return exit.code === 0 && line !== '' ? line.slice(0, 200) : 'unknown';
  };
  return async (gates) => {
    const versions: Record<string, string> = {};
    for (const name of new Set(gates.flatMap(programsOf))) {
      const asked = known.get(name) ?? ask(name);
      known.set(name, asked);
      const version = await asked;
      if (version !== null) versions[name] = version;
    }
    return versions;
  };
}
