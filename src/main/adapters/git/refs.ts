import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Oid } from '../../../shared/kernel/ids.ts';
import { oidOf, readLinked } from './object-id.ts';
import { readLink } from './walk.ts';

const oidLine = /^([0-9a-f]{40})\s*$/;
const symbolic = /^ref:\s*(refs\/\S.*?)\s*$/;
const maxDepth = 5;
const maxRefs = 50_000;

export type Head = { readonly commit: Oid | null; readonly branch: string | null };

/** Reads refs as files: loose first, then packed. No name is ever taken out of the refs folder. */
export function readHead(place: { readonly gitDir: string; readonly commonDir: string }): Head {
  const text = readLinked(join(place.gitDir, 'HEAD'), 16_384)?.toString('utf8') ?? '';
  const target = linkTarget(join(place.gitDir, 'HEAD')) ?? symbolic.exec(text)?.[1];
  if (target === undefined) {
    const oid = oidLine.exec(text)?.[1];
    return { commit: oid === undefined ? null : oidOf(oid), branch: null };
  }
  const branch = target.startsWith('refs/heads/') ? target.slice('refs/heads/'.length) : null;
  return { commit: resolveRef(place.commonDir, target), branch };
}

/** Before there were symbolic refs, HEAD was a link to its branch; some repositories still have it so. */
function linkTarget(place: string): string | undefined {
  const target = readLink(Buffer.from(place))?.toString('utf8');
  return target?.startsWith('refs/') ? target : undefined;
}

/** `null`: there is no such ref, or it leads nowhere. */
export function resolveRef(commonDir: string, name: string): Oid | null {
  let at = name;
  for (let depth = 0; depth < maxDepth; depth++) {
    if (!at.startsWith('refs/') || at.split('/').some((part) => part === '..' || part === '')) return null;
    const text = readLinked(join(commonDir, at), 16_384)?.toString('utf8');
    if (text === undefined) return packedRefs(commonDir).get(at) ?? null;
    const oid = oidLine.exec(text)?.[1];
    if (oid !== undefined) return oidOf(oid);
    const next = symbolic.exec(text)?.[1];
    if (next === undefined) return null;
    at = next;
  }
  return null;
}

function packedRefs(commonDir: string): Map<string, Oid> {
  const refs = new Map<string, Oid>();
  const text = readLinked(join(commonDir, 'packed-refs'), 64 * 1024 * 1024)?.toString('utf8') ?? '';
  for (const match of text.matchAll(/^([0-9a-f]{40}) (refs\/[^\n]*)$/gm)) {
    const [, oid, name] = match;
    if (oid !== undefined && name !== undefined) refs.set(name, oidOf(oid));
  }
  return refs;
}

/** Every ref with what it says, sorted by name; symbolic refs as their text. Links inside the refs folder are not followed. */
export function allRefs(commonDir: string): ReadonlyMap<string, string> {
  const refs = new Map<string, string>(packedRefs(commonDir));
  const waiting = ['refs'];
  for (let dir = waiting.pop(); dir !== undefined && refs.size < maxRefs; dir = waiting.pop()) {
    for (const entry of listed(join(commonDir, dir))) {
      const name = `${dir}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile() && !name.endsWith('.lock'))
        refs.set(name, readLinked(join(commonDir, name), 16_384)?.toString('utf8').trim() ?? 'unreadable');
    }
  }
  return new Map([...refs].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listed(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    // Gone or closed since its parent was listed: there is nothing to tell about it.
    return [];
  }
}
