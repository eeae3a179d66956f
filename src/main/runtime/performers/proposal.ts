import { z } from 'zod';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';

const path = z.string().trim().min(1).max(300);
const paths = (about: string) => z.array(path).max(50).default([]).describe(about);

/** A follow-up task in the words of an agent: the tool's arguments, and the object behind a marker in its text. */
export const Proposal = z.object({
  title: z.string().trim().min(1).max(300).describe('What would be done, in one line.'),
  description: z.string().trim().min(1).max(8_000).describe('What and why, with the files it is about.'),
  write_set: paths('Files or folders it would change.'),
  acceptance: z
    .array(z.string().trim().min(1).max(2_000))
    .min(1)
    .max(20)
    .describe('What a check could see once it is done.'),
  id: z.string().trim().max(60).optional().describe('A short name in lower-case letters, digits and dashes.'),
  read_set: paths('Files or folders it would read.'),
  dependencies: z.array(z.string().max(60)).max(20).default([]).describe('Ids of tasks it must wait for.'),
  risk: z.enum(['low', 'moderate', 'medium', 'high']).default('moderate'),
});

/** @param taken ids that are in use: a name made from the title gets a number behind it */
export function readProposal(proposal: z.infer<typeof Proposal>, taken: readonly string[]): TaskSpec {
  const own = proposal.id === undefined ? '' : slug(proposal.id);
  return {
    id: own === '' ? fresh(slug(proposal.title) || 'task', taken) : own,
    title: proposal.title,
    description: proposal.description,
    dependencies: proposal.dependencies,
    readSet: proposal.read_set,
    writeSet: proposal.write_set,
    acceptance: proposal.acceptance,
    risk: proposal.risk === 'moderate' ? 'medium' : proposal.risk,
  };
}

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50)
    .replace(/-$/, '');

function fresh(wanted: string, taken: readonly string[]): string {
  let id = wanted;
  for (let count = 2; taken.includes(id); count += 1) id = `${wanted}-${count}`;
  return id;
}

const MARKER = 'OMK_TASK_PROPOSAL:';
/** More markers than this in one text are noise. */
const MAX_IN_TEXT = 20;

/**
 * Proposals written into text, for agents without tools: after each marker the first object whose braces match. What is no
 * proposal is passed over; a marker without an object ends the search.
 */
export function proposalsInText(text: string): readonly z.infer<typeof Proposal>[] {
  const found: z.infer<typeof Proposal>[] = [];
  let at = text.indexOf(MARKER);
  for (let markers = 0; at >= 0 && markers < MAX_IN_TEXT; markers += 1) {
    const object = firstObject(text, at + MARKER.length);
    if (object === null) break;
    const parsed = Proposal.safeParse(parseJson(object.text));
    if (parsed.success) found.push(parsed.data);
    at = text.indexOf(MARKER, object.end);
  }
  return found;
}

/** Braces inside strings do not count. */
function firstObject(text: string, from: number): { readonly text: string; readonly end: number } | null {
  const start = text.indexOf('{', from);
  if (start < 0) return null;
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return { text: text.slice(start, at + 1), end: at + 1 };
    }
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
