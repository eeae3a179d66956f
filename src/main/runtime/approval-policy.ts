import type { Approvals } from '../../shared/goal/vocabulary.ts';
import type { ApprovalRequest } from './agent-backend.ts';
import { inWriteSet } from './performers/write-set.ts';
import { protectedPath } from './verification/protected-paths.ts';

/** What confines an agent: its folders, and whether the system keeps it in them. */
export type Boundary = {
  readonly workDir: string;
  /** Its own temporary folder and home. */
  readonly privateDirs: readonly string[];
  /** The agent runs in namespaces where only these folders are writable. */
  readonly confined: boolean;
  /** What of the worktree the task may change; nothing else of it would be taken. */
  readonly writeSet: readonly string[];
};

/** What an agent wants to do, as far as its actual arguments tell. */
export type Act =
  | { readonly type: 'command'; readonly complete: boolean }
  | { readonly type: 'write'; readonly where: Where; readonly byHost: boolean }
  /** A tool omk knows nothing of: what it does to the machine nobody can say. */
  | { readonly type: 'other' };

/** The least favourable place among the paths. */
export type Where = 'work' | 'private' | 'outside' | 'git';

/** Why a person has to decide. */
export type AskReason = 'unconfined' | 'every_command' | 'outside' | 'unknown_tool';

export type Judgement =
  | { readonly type: 'allow' }
  | { readonly type: 'ask'; readonly why: AskReason }
  /** One sentence that the model reads. */
  | { readonly type: 'refuse'; readonly reason: string }
  /** The same, once: an agent that insists is judged by what it delivers (docs/adr/0015). */
  | { readonly type: 'warn'; readonly reason: string };

/**
 * Answers what agents ask permission for and what they have omk do, whatever protocol they speak. `manual`: a person sees every command and
 * every write outside the worktree. `auto`: what a boundary of the system holds, and files of the worktree, are not asked about.
 * `never`: the agent may look and not touch; its temporary folder and home are its own scratch paper. What would not be taken, or taken
 * only by a person, is refused when it is written, where the model reads why.
 */
export function judge(request: ApprovalRequest, boundary: Boundary, approvals: Approvals): Judgement {
  const act = actOf(request, boundary);
  if (act.type === 'write' && act.where === 'git')
    return refuse('Git’s own files are not written directly; use git commands.');
  const kept = act.type === 'write' && act.where === 'work' ? keptOut(request.paths, boundary) : null;
  if (approvals !== 'never' && kept !== null) return kept;
  switch (approvals) {
    case 'never':
      return act.type === 'write' && act.where === 'private' ? allow : refuse(readOnly[act.type]);
    case 'manual':
      if (act.type === 'command') return ask(boundary.confined ? 'every_command' : 'unconfined');
      if (act.type === 'other') return ask('unknown_tool');
      return act.where === 'work' ? allow : ask('outside');
    case 'auto':
      // A file that omk writes for the agent is outside its namespace.
      if (boundary.confined && !(act.type === 'write' && act.byHost)) return allow;
      if (act.type === 'command') return ask('unconfined');
      if (act.type === 'other') return ask('unknown_tool');
      return act.where === 'outside' ? ask('outside') : allow;
  }
}

const readOnly: Readonly<Record<Act['type'], string>> = {
  command: 'This goal is read-only: commands are not run. Go on by reading.',
  write: 'This goal is read-only: files are not changed. Say what you would change instead.',
  other: 'This goal is read-only: this tool is not used. Go on by reading.',
};

export function actOf(request: ApprovalRequest, boundary: Boundary): Act {
  if (request.command !== null) return { type: 'command', complete: request.commandComplete };
  if (request.paths.length === 0) return { type: 'other' };
  const all = request.paths.map((path) => whereIs(path, boundary));
  const where = (['git', 'outside', 'private'] as const).find((one) => all.includes(one)) ?? 'work';
  return { type: 'write', where, byHost: request.byHost === true };
}

/** Purely textual: links have been followed before, and a path that climbs is outside whatever it might resolve to. */
function whereIs(path: string, { workDir, privateDirs }: Boundary): Where {
  const parts = path.split('/');
  if (parts.includes('..')) return 'outside';
  if (!path.startsWith('/') || isInside(path, workDir)) {
    const inGit = below(path, workDir)
      .split('/')
      .some((part) => part.toLowerCase() === '.git');
    return inGit ? 'git' : 'work';
  }
  return privateDirs.some((dir) => isInside(path, dir)) ? 'private' : 'outside';
}

/** As the worktree names it, with what may lie before its first folder taken away. */
const below = (path: string, workDir: string): string =>
  (path.startsWith('/') ? path.slice(workDir.length + 1) : path).replace(/^(?:\.?\/)+/, '');

/** Why files of the worktree are not written, though they could be. */
function keptOut(paths: readonly string[], { workDir, writeSet }: Boundary): Judgement | null {
  const files = paths.map((path) => below(path, workDir));
  const gates = files.find((file) => /^\.omk(?:\/|$)/i.test(file));
  if (gates !== undefined)
    return refuse(`${gates} is not yours to write: it says how your work is judged. Leave it as it is.`);
  const beyond = files.find((file) => !inWriteSet(writeSet)(file));
  if (beyond !== undefined)
    return refuse(
      `${beyond} is outside what this task may change (${writeSet.join(', ')}), so it would not be taken. Leave it, or propose a task for it.`,
    );
  for (const file of files) {
    const why = protectedPath(file)?.why;
    if (why !== undefined)
      return {
        type: 'warn',
        reason: `${file} is protected. ${why} Leave it, unless the goal itself asks for it: then write it again, and a person will decide.`,
      };
  }
  return null;
}

const isInside = (path: string, dir: string): boolean => path === dir || path.startsWith(`${dir}/`);

const allow: Judgement = { type: 'allow' };
const ask = (why: AskReason): Judgement => ({ type: 'ask', why });
const refuse = (reason: string): Judgement => ({ type: 'refuse', reason });
