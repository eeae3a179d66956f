import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { installGuard } from './guard.ts';
import { applyGuardLine, emptyGuardState, endRuns, guardLines } from './guard-state.ts';
import type { GuardLine, GuardState } from './guard-state.ts';
import { bootId } from './proc-table.ts';

export type ProcessGuard = {
  /** Processes of an earlier host that were still alive and were ended now. */
  readonly reaped: number;
  /** Ends the watchdog, which ends whatever still runs. */
  close(): Promise<void>;
};

const RESTART_MS = 1_000;

/**
 * Makes children of this host die with it, however it dies: a watchdog process that waits for our end, and a journal by
 * which the next host finds what even the watchdog missed. To be called once, before the first child.
 *
 * @param watchdog program and script, e.g. `process.execPath` and the bundled `watchdog.js`
 * @param journalPath file in the state folder; replaced at every start
 */
export async function guardProcesses(o: {
  readonly watchdog: { readonly execPath: string; readonly script: string };
  readonly journalPath: string;
}): Promise<ProcessGuard> {
  const reaped = await reapLeftovers(o.journalPath);
  const journal = openJournal(o.journalPath);
  const state = emptyGuardState();
  const dog = keepWatchdog(o.watchdog, state);

  const tell = (line: GuardLine): void => {
    const text = `${JSON.stringify(line)}\n`;
    applyGuardLine(state, text);
    journal.write(text);
    dog.write(text);
  };
  const uninstall = installGuard({
    // A root that was gone before it could be identified has no start, and nothing to end.
    add: (root, marker) => root.start !== '' && tell({ op: 'add', root, marker }),
    escaped: (root, processes) => tell({ op: 'escaped', root, processes: [...processes] }),
    remove: (root) => root.start !== '' && tell({ op: 'remove', root }),
  });
  return {
    reaped: reaped.ended,
    async close() {
      uninstall();
      await dog.close();
      journal.close();
    },
  };
}

/** Ends what an earlier host recorded and left alive. A journal of an earlier start of the machine is not believed. */
export async function reapLeftovers(
  journalPath: string,
): Promise<{ readonly ended: number; readonly survivors: readonly number[] }> {
  const state = emptyGuardState();
  for (const line of readOrEmpty(journalPath).split('\n')) applyGuardLine(state, line);
  if (state.bootId !== bootId()) return { ended: 0, survivors: [] };
  return endRuns(state);
}

function openJournal(path: string): { write(text: string): void; close(): void } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, 'w', 0o600);
  const write = (text: string): void => {
    try {
      writeSync(fd, text);
    } catch {
      // A full disk must not stop a child from being started: the watchdog still knows it.
    }
  };
  write(`${JSON.stringify({ op: 'boot', id: bootId() } satisfies GuardLine)}\n`);
  return { write, close: () => closeSync(fd) };
}

function keepWatchdog(
  o: { readonly execPath: string; readonly script: string },
  state: GuardState,
): { write(text: string): void; close(): Promise<void> } {
  let closing = false;
  let child: ChildProcess = launch();

  function launch(): ChildProcess {
    const dog = spawn(o.execPath, [o.script], {
      cwd: '/',
      detached: true,
      // Electron's own binary is a Node only when told so.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    dog.on('error', () => undefined); // `exit` or the next start decides; the journal is the second net
    dog.stdin?.on('error', () => undefined);
    dog.once('exit', () => {
      if (closing) return;
      setTimeout(() => {
        if (!closing) child = launch();
      }, RESTART_MS).unref();
    });
    // The watchdog waits for us, never we for it.
    dog.unref();
    if (dog.stdin !== null && 'unref' in dog.stdin && typeof dog.stdin.unref === 'function')
      dog.stdin.unref();
    for (const line of guardLines(state)) dog.stdin?.write(`${JSON.stringify(line)}\n`);
    return dog;
  }

  return {
    write: (text) => void child.stdin?.write(text),
    async close() {
      closing = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.ref();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await gone;
    },
  };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the first start on this state folder
  }
}
