import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** One row of the process table. `start` tells two processes with the same id apart; its unit is the system's. */
export type ProcessRow = {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** Session id; equals `pgid` where the system does not tell. */
  readonly sid: number;
  readonly start: string;
  /** Ended, waiting for its parent to notice. */
  readonly zombie: boolean;
  readonly name: string;
};

/** Everything that runs now. Synchronous, so that one snapshot is one moment. Empty where the table cannot be read. */
export function readProcessTable(): readonly ProcessRow[] {
  if (process.platform === 'linux') return readProc();
  return readPs();
}

export function readProcess(pid: number): ProcessRow | null {
  if (process.platform !== 'linux') return readPs().find((row) => row.pid === pid) ?? null;
  return parseStat(readOrNull(`/proc/${pid}/stat`));
}

/** `true` while the process that had this id at this start time is alive and not merely a zombie. */
export function isAlive(known: { readonly pid: number; readonly start: string }): boolean {
  const row = readProcess(known.pid);
  return row !== null && row.start === known.start && !row.zombie;
}

/** Value of one variable in the environment a process was started with; `null` when unknown or not set. */
export function environmentValue(pid: number, name: string): string | null {
  const text = readOrNull(`/proc/${pid}/environ`);
  const entry = text?.split('\0').find((part) => part.startsWith(`${name}=`));
  return entry === undefined ? null : entry.slice(name.length + 1);
}

export function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // gone, or another user's
  }
}

/** Changes with every start of the machine, so that recorded process ids of an earlier one are never believed. */
export function bootId(): string {
  return readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readProc(): readonly ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const entry of listOrEmpty('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const row = parseStat(readOrNull(`/proc/${entry}/stat`));
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** `pid (name) state ppid pgrp session …`; the name may hold spaces and brackets, so fields count from its last `)`. */
export function parseStat(text: string | null): ProcessRow | null {
  if (text === null) return null;
  const close = text.lastIndexOf(')');
  const open = text.indexOf('(');
  const fields = text.slice(close + 2).split(' ');
  const start = fields[19];
  if (open === -1 || close === -1 || start === undefined) return null;
  return {
    pid: Number(text.slice(0, open)),
    ppid: Number(fields[1]),
    pgid: Number(fields[2]),
    sid: Number(fields[3]),
    start,
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    name: text.slice(open + 1, close),
  };
}

function readPs(): readonly ProcessRow[] {
  try {
    const text = execFileSync('/bin/ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart=,comm='], {
      encoding: 'utf8',
      timeout: 1_000,
      env: { LC_ALL: 'C' },
    });
    return text.split('\n').flatMap((line) => parsePsLine(line) ?? []);
  } catch {
    return []; // no table: the caller knows only the group it started
  }
}

export function parsePsLine(line: string): ProcessRow | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
  if (match === null) return null;
  const [, pid, ppid, pgid, stat, start, name] = match;
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: Number(pgid),
    start: start ?? '',
    zombie: stat?.startsWith('Z') ?? false,
    name: name ?? '',
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null; // the process is gone, or not ours to see
  }
}

function listOrEmpty(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
