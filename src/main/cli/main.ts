import { createInterface } from 'node:readline/promises';
import { realpathSync } from 'node:fs';
import { readConfig } from '../host/config.ts';
import { actNames, actOnGoal } from './commands/act.ts';
import { showConfig } from './commands/config.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { lookAtGoal, viewNames } from './commands/look.ts';
import { verifyProofFile } from './commands/proof.ts';
import { planGoal, runGoal } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import type { Io } from './io.ts';
import { CommandFailed, misused } from './io.ts';
import { nearest } from '../../shared/kernel/nearest.ts';
import { usage } from './usage.ts';
import { RpcError } from '../../shared/rpc/rpc-error.ts';
import { inert } from '../../shared/safe-text.ts';
import { StoreError } from '../adapters/sqlite/store-error.ts';
import { omkVersion } from '../host/version.ts';

/** Runs one command line and returns its exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    const [area, ...rest] = args;
    if (area === undefined) {
      io.err(usage);
      return 2;
    }
    if (area === 'help' || asksForHelp(args)) {
      io.out(usage);
      return 0;
    }
    if (area === 'version' || area === '--version') {
      io.out(`${omkVersion}\n`);
      return 0;
    }
    if (area === 'proof') return await verifyProofFile(rest, io);
    const config = readConfig();
    if (!config.ok) throw misused(config.error.message);
    switch (area) {
      case 'goal': {
        const [name, ...goalArgs] = rest;
        if (name === undefined)
          throw misused('Say what to do: omk goal run, list, show, … `omk help` lists them.');
        if (name === 'plan') return await planGoal(goalArgs, config.value, io);
        if (name === 'run') return await runGoal(goalArgs, config.value, io);
        if (viewNames.includes(name)) return await lookAtGoal(name, goalArgs, config.value, io);
        if (actNames.includes(name)) return await actOnGoal(name, goalArgs, config.value, io);
        throw misused(unknown(`omk goal ${name}`, name, ['run', 'plan', ...viewNames, ...actNames]));
      }
      case 'config':
        return showConfig(rest, config.value, io);
      case 'serve':
        return await serveCommand(rest, config.value, io);
      case 'doctor':
        return await doctor(rest, config.value, io);
      case 'demo':
        return await demo(rest, config.value, io);
      default:
        throw misused(
          unknown(`omk ${area}`, area, [
            'goal',
            'proof',
            'serve',
            'doctor',
            'config',
            'demo',
            'version',
            'help',
          ]),
        );
    }
  } catch (cause) {
    if (cause instanceof RpcError && cause.code === 'disconnected') {
      io.err('The omk process that this command talked to has ended. Nothing was lost; run it again.\n');
      return 1;
    }
    if (cause instanceof RpcError || cause instanceof StoreError) {
      io.err(`${inert(cause.message)}\n`);
      return 1;
    }
    if (!(cause instanceof CommandFailed)) throw cause;
    io.err(`${inert(cause.message)}\n`);
    return cause.exitCode;
  }
}

/** `--help` anywhere before a `--`; what follows that is text of the person. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function unknown(full: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return `There is no command "${full.trim().slice(0, 80)}".${near === null ? ' `omk help` lists them.' : ` Did you mean "${near}"?`}`;
}

function terminalIo(cwd: string): Io {
  const unread = new AbortController();
  // A reader that has seen enough (`| head`) ends us quietly. Node ignores SIGPIPE, so it shows here.
  process.stdout.on('error', () => unread.abort());
  process.stderr.on('error', () => {});
  return {
    out: (text) => {
      if (!unread.signal.aborted) process.stdout.write(text);
    },
    err: (text) => void process.stderr.write(text),
    isTty: process.stdin.isTTY === true && process.stderr.isTTY === true,
    async question(prompt, signal) {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
      try {
        // A closed input never settles the question itself.
        return await Promise.race([lines.question(prompt, { signal }), closed]);
      } catch {
        return null; // answered elsewhere meanwhile
      } finally {
        lines.close();
      }
    },
    async input(limit) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of process.stdin) {
        const piece = Buffer.from(chunk as Uint8Array);
        chunks.push(piece);
        bytes += piece.length;
        if (bytes > limit) break;
      }
      return Buffer.concat(chunks).toString('utf8');
    },
    cwd,
    unread: unread.signal,
  };
}

/** The current folder, `null` when it was removed under us. */
function currentFolder(): string | null {
  try {
    return realpathSync(process.cwd());
  } catch {
    return null;
  }
}

const cwd = currentFolder();
if (cwd === null) {
  process.stderr.write('The current folder does not exist any more. Change to another one.\n');
  process.exitCode = 1;
} else {
  process.exitCode = await main(process.argv.slice(2), terminalIo(cwd));
}
