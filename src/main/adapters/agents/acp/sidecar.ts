import { closeSync, constants, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createFrameReader } from '../ndjson.ts';
import type { FrameReader } from '../ndjson.ts';
import { readRecord } from './sidecar-records.ts';
import type { SidecarRecord } from './sidecar-records.ts';

/** Where a record stands: agent and line are the same in every later reading, so they make a stable id. */
export type SidecarLine = { readonly agent: string; readonly line: number; readonly record: SidecarRecord };

export type Sidecar = {
  /** Reads what was appended since the last call, in order per agent. Never throws: what cannot be read says nothing. */
  poll(): { readonly lines: readonly SidecarLine[]; readonly grown: boolean };
  /** The session has a file of its main agent. */
  readonly found: boolean;
};

const CHUNK = 256 * 1024;
const MAX_PER_POLL = 8 * 1024 * 1024;
const MAX_AGENTS = 500;

/**
 * Tails the session files of Kimi Code: `<sessions>/<workspace>/<session id>/agents/<agent>/wire.jsonl`, append-only.
 * The agent could write anything there, so links and pipes are not followed and what is read at once is bounded.
 */
export function openSidecar(sessionsDir: string, sessionId: string): Sidecar {
  const tails = new Map<string, Tail>();
  const safeId = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/.test(sessionId);
  let agentsDir: string | null = null;

  return {
    poll() {
      agentsDir ??= safeId ? findAgents(sessionsDir, sessionId) : null;
      if (agentsDir === null) return { lines: [], grown: false };
      for (const agent of names(agentsDir).slice(0, MAX_AGENTS)) {
        if (!tails.has(agent)) tails.set(agent, createTail(join(agentsDir, agent, 'wire.jsonl'), agent));
      }
      const read = [...tails.values()].map((tail) => tail.read());
      return { lines: read.flatMap((one) => one.lines), grown: read.some((one) => one.grown) };
    },
    get found() {
      return tails.get('main')?.started() ?? false;
    },
  };
}

function findAgents(sessionsDir: string, sessionId: string): string | null {
  const found = names(sessionsDir)
    .map((workspace) => join(sessionsDir, workspace, sessionId, 'agents'))
    .find((dir) => statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true);
  return found ?? null;
}

function names(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // not there yet
  }
}

type Tail = {
  read(): { readonly lines: readonly SidecarLine[]; readonly grown: boolean };
  started(): boolean;
};

function createTail(path: string, agent: string): Tail {
  let offset = 0;
  let line = 0;
  let broken = false;
  let lines: SidecarLine[] = [];
  const reader: FrameReader = createFrameReader({
    onFrame(frame) {
      const record = readRecord(frame);
      if (record !== null) lines.push({ agent, line, record });
      line += 1;
    },
    onBadLine() {
      line += 1;
    },
    onViolation() {
      broken = true;
    },
  });

  const readNew = (fd: number): boolean => {
    const stat = fstatSync(fd);
    // Shorter than before: rewritten. Line numbers would no longer mean what they did.
    if (!stat.isFile() || stat.size < offset) {
      broken = true;
      return false;
    }
    const until = Math.min(stat.size, offset + MAX_PER_POLL);
    const grown = until > offset;
    const chunk = Buffer.alloc(Math.min(CHUNK, until - offset));
    while (offset < until && !broken) {
      const got = readSync(fd, chunk, 0, Math.min(chunk.length, until - offset), offset);
      if (got === 0) break;
      offset += got;
      reader.push(chunk.subarray(0, got));
    }
    return grown;
  };

  return {
    read() {
      if (broken) return { lines: [], grown: false };
      let fd: number;
      try {
        fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      } catch {
        return { lines: [], grown: false }; // not there yet, or not a file of the agent's own
      }
      lines = [];
      try {
        const grown = readNew(fd);
        return { lines, grown };
      } catch {
        return { lines, grown: false }; // unreadable now: what was read counts
      } finally {
        closeSync(fd);
      }
    },
    started: () => offset > 0,
  };
}
