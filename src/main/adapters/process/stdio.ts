import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { systemTool } from './system-tool.ts';

/** The child's side of its standard streams as real pipes and files, and ours as streams. */
export type Stdio = {
  readonly fds: {
    readonly stdin: number;
    readonly stdout: number;
    readonly stderr: number;
    readonly extra: number | null;
  };
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly extra: Readable | null;
  /** Closes the child's side here; after the spawn, whether it worked or not. */
  handOver(): void;
};

/**
 * Node gives children sockets, and a socket cannot be opened again through /dev/stdout or /dev/fd/3 as scripts and test
 * reporters do. Named pipes can. Throws when the system refuses them (no descriptors, no temporary folder).
 */
export function openStdio(o: { readonly stdin: string | Uint8Array | null; readonly extra: boolean }): Stdio {
  const dir = mkdtempSync(join(tmpdir(), 'omk-io-'));
  const opened: number[] = [];
  const childSide: number[] = [];
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  const pipe = (name: string): { readonly read: number; readonly write: number; readonly both: number } => {
    const path = join(dir, name);
    // Both ends at once never waits for a partner; the two real ends are opened while it is held.
    const both = open(path, constants.O_RDWR | constants.O_NONBLOCK);
    const ours = name === 'in' ? constants.O_WRONLY : constants.O_RDONLY;
    const theirs = name === 'in' ? constants.O_RDONLY : constants.O_WRONLY;
    const our = open(path, ours | constants.O_NONBLOCK);
    const their = open(path, theirs);
    childSide.push(their);
    closeSync(both);
    opened.splice(opened.indexOf(both), 1);
    return name === 'in' ? { read: their, write: our, both } : { read: our, write: their, both };
  };
  try {
    const names = ['out', 'err', ...(o.stdin === null ? ['in'] : []), ...(o.extra ? ['extra'] : [])];
    const made = spawnSync(
      systemTool('mkfifo') ?? 'mkfifo',
      ['-m', '600', ...names.map((name) => join(dir, name))],
      { env: {} },
    );
    if (made.status !== 0) throw new Error(`mkfifo: ${made.error?.message ?? made.stderr.toString().trim()}`);
    const out = pipe('out');
    const errors = pipe('err');
    const extra = o.extra ? pipe('extra') : null;
    const input = o.stdin === null ? pipe('in') : null;
    const stdinFd = input?.read ?? inputFile(dir, o.stdin ?? '');
    if (input === null) childSide.push(stdinFd);
    return {
      fds: { stdin: stdinFd, stdout: out.write, stderr: errors.write, extra: extra?.write ?? null },
      stdin: input === null ? ended() : writeEnd(input.write),
      stdout: readEnd(out.read),
      stderr: readEnd(errors.read),
      extra: extra === null ? null : readEnd(extra.read),
      handOver() {
        for (const fd of childSide.splice(0)) closeSync(fd);
      },
    };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A file, not a pipe: it can be read again through /dev/stdin, and a program that does not read it blocks nobody. */
function inputFile(dir: string, content: string | Uint8Array): number {
  if (content.length === 0) return openSync('/dev/null', 'r');
  const path = join(dir, 'stdin');
  writeFileSync(path, content, { mode: 0o600 });
  return openSync(path, 'r');
}

function readEnd(fd: number): Readable {
  const socket = new Socket({ fd, readable: true, writable: false });
  // A broken pipe is the end of the output; how the program ended is told by `exited`.
  socket.on('error', () => socket.destroy());
  return socket;
}

function writeEnd(fd: number): Writable {
  const socket = new Socket({ fd, readable: false, writable: true });
  // Writing to a program that is gone: the writer learns it from `exited`.
  socket.on('error', () => socket.destroy());
  return socket;
}

export function ended(): PassThrough {
  const stream = new PassThrough();
  stream.on('error', () => stream.destroy());
  stream.end();
  stream.resume();
  return stream;
}
