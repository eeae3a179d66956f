import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { GateParser } from '../../../shared/goal/gate-parser.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { goldenKeys, goldenPart, goldenProblem } from './toml-golden.ts';
import { relativePath, text, trimSlashes } from './toml-values.ts';

export const GATES_FILE = '.omk/gates.toml';
export const MAX_GATES_FILE = 256 * 1024;

/** One `[[gates]]` entry: the reference's keys (§7.1) and those of decisions H1, H17, H18. */
const Gate = z.strictObject({
  name: text.max(100),
  command: text,
  args: z.array(z.string()).max(199).default([]),
  kind: z.enum(['check', 'setup', 'golden']).default('check'),
  required: z.boolean().default(true),
  timeout_secs: z.number().int().min(0).max(86_400).default(0),
  allow_fail: z.boolean().default(false),
  skip: z.boolean().default(false),
  repeat: z.number().int().min(1).max(10).default(2),
  cost: z.enum(['cheap', 'slow']).default('cheap'),
  network: z.boolean().optional(),
  exclusive: z.boolean().default(false),
  env: z
    .array(z.string().regex(/^[A-Za-z_]\w*$/, 'must be names of variables'))
    .max(50)
    .default([]),
  services: z.array(text).max(20).default([]),
  outputs: z.array(relativePath).max(50).default([]),
  cwd: relativePath.default(''),
  parser: GateParser.default('none'),
  ...goldenKeys,
});

/** Files that are oracle though nothing else says so: paths of the repository, with `*`, `**` and `{a,b}`. */
const Locked = z
  .array(relativePath.max(200).refine((value) => value.trim() !== '', 'must not be blank'))
  .max(100);

const aliases: Readonly<Record<string, string>> = { 'allow-fail': 'allow_fail', skipped: 'skip' };
const known = Object.keys(Gate.shape);
const DEFAULT_TIMEOUT_SECS = 600;

/**
 * Reads the text of `.omk/gates.toml`. A file that cannot be read is refused with the line; it is never replaced by
 * detection, because whoever wrote it meant other gates than those we would guess.
 */
export function parseGatesToml(
  source: string,
): Result<{ readonly gates: GateSpec[]; readonly notes: string[]; readonly locked: string[] }, string> {
  let data: Record<string, unknown>;
  try {
    data = parse(source);
  } catch (error) {
    if (error instanceof TomlError)
      return err(`${GATES_FILE}, line ${error.line}: ${firstLine(error.message)}`);
    return err(`${GATES_FILE} cannot be read as TOML.`);
  }
  const others = Object.keys(data).filter((key) => key !== 'gates' && key !== 'locked');
  if (others.length > 0)
    return err(`${GATES_FILE}: unknown key "${others[0]}"; gates are written as [[gates]].`);
  const locked = Locked.safeParse(data['locked'] ?? []);
  if (!locked.success)
    return err(
      `${GATES_FILE}: locked ${locked.error.issues[0]?.message ?? 'is wrong'}; it is a list of paths, as in ["checks/**"].`,
    );
  if (!Array.isArray(data['gates']) || data['gates'].length === 0)
    return err(`${GATES_FILE} names no gate; add a [[gates]] entry with name and command.`);

  const gates: GateSpec[] = [];
  const notes: string[] = [];
  for (const [index, raw] of data['gates'].entries()) {
    const line = lineOfGate(source, index);
    const problem = unknownKey(raw);
    if (problem !== null) return err(`${GATES_FILE}, line ${line}: ${problem}`);
    const parsed = Gate.safeParse(renamed(raw));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return err(
        `${GATES_FILE}, line ${line}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}.`,
      );
    }
    const gate = parsed.data;
    const wrong = goldenProblem(gate);
    if (wrong !== null) return err(`${GATES_FILE}, line ${line}: ${wrong}`);
    if (gates.some((other) => other.name === gate.name))
      return err(`${GATES_FILE}, line ${line}: there are two gates named "${gate.name}".`);
    if (gate.skip) notes.push(`"${gate.name}" is marked skip: it is not run and counts for nothing.`);
    if (gate.services.length > 0)
      notes.push(`"${gate.name}" needs ${gate.services.join(', ')}; start them yourself, omk does not.`);
    gates.push({
      name: gate.name,
      kind: gate.kind,
      argv: [gate.command, ...gate.args],
      cwd: trimSlashes(gate.cwd),
      required: gate.required && !gate.allow_fail && !gate.skip,
      selected: !gate.skip,
      timeoutMs: (gate.timeout_secs === 0 ? DEFAULT_TIMEOUT_SECS : gate.timeout_secs) * 1000,
      repeat: gate.repeat,
      cost: gate.cost,
      // Services are reached over the network, and setups download; everything else has to ask for it.
      network: gate.network ?? (gate.kind === 'setup' || gate.services.length > 0),
      exclusive: gate.exclusive || gate.services.length > 0,
      env: gate.env,
      parser: gate.parser,
      outputs: gate.outputs.map(trimSlashes),
      ...goldenPart(gate),
      source: GATES_FILE,
    });
  }
  return ok({ gates, notes, locked: locked.data.map(trimSlashes) });
}

function renamed(raw: unknown): unknown {
  if (raw === null || typeof raw !== 'object') return raw;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [aliases[key] ?? key, value]));
}

function unknownKey(raw: unknown): string | null {
  if (raw === null || typeof raw !== 'object') return 'a gate is a table.';
  for (const key of Object.keys(raw)) {
    if (known.includes(aliases[key] ?? key)) continue;
    const near = nearest(key, known);
    return near === null ? `unknown key "${key}".` : `unknown key "${key}"; did you mean "${near}"?`;
  }
  return null;
}

/** The closest of some names, if it is close enough to be a slip of the keyboard. */
export function nearest(word: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const d = distance(word.toLowerCase(), name);
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

function lineOfGate(source: string, index: number): number {
  let seen = -1;
  const lines = source.split('\n');
  for (const [number, line] of lines.entries()) {
    if (/^\s*\[\[\s*gates\s*\]\]/.test(line)) seen += 1;
    if (seen === index) return number + 1;
  }
  return 1;
}

const firstLine = (message: string): string => message.split('\n')[0] ?? message;
