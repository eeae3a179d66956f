import { readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { loginFilesProblem, placesOf } from '../../shared/agent-entry.ts';
import { parseDuration } from '../../shared/goal/duration.ts';
import { Approvals, defaultBudget, defaultPolicy, IsolationLevel } from '../../shared/goal/vocabulary.ts';
import type { Budget, GoalPolicy } from '../../shared/goal/vocabulary.ts';
import type { ConfiguredAgent } from '../adapters/agents/registry.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { nearest } from '../../shared/kernel/nearest.ts';
import { defaultRoot } from './paths.ts';

const duration = z.string().transform((text, context) => {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error.message });
  return z.NEVER;
});

function loginFiles(files: readonly string[], context: z.RefinementCtx): void {
  const message = loginFilesProblem(files);
  if (message !== null) context.addIssue({ code: 'custom', message });
}

/** `~/.config/omk/config.toml`. Every key has a default and is used; unknown keys are errors with a suggestion. */
const ConfigFile = z.strictObject({
  goal: z
    .strictObject({
      agent: z.string().optional(),
      accept: z.enum(['manual', 'auto']).optional(),
      approvals: Approvals.optional(),
      isolation: z.enum(['namespaces', 'none']).optional(),
      min_isolation: IsolationLevel.optional(),
      max_attempts: z.number().int().min(1).max(20).optional(),
      planning: z.enum(['agent', 'heuristic']).optional(),
      review: z.enum(['agent', 'none']).optional(),
    })
    .default({}),
  budget: z
    .strictObject({
      time: duration.optional(),
      tokens: z.number().int().min(1).optional(),
      usd: z.number().positive().optional(),
    })
    .default({}),
  agents: z
    .record(
      z.string(),
      z.strictObject({
        command: z.string().min(1),
        env: z.array(z.string()).default([]),
        login_files: z.array(z.string()).superRefine(loginFiles).optional(),
        home: z.enum(['private', 'user']).optional(),
      }),
    )
    .default({}),
  timeouts: z
    .strictObject({ handshake: duration.optional(), stall: duration.optional(), park: duration.optional() })
    .default({}),
});

export type Config = {
  readonly root: string;
  readonly home: string;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  readonly defaults: { readonly budget: Budget; readonly policy: GoalPolicy; readonly agent: string | null };
  readonly agents: Readonly<Record<string, ConfiguredAgent>>;
  readonly timeouts: { readonly handshakeMs: number; readonly stallMs: number; readonly parkMs: number };
};

/**
 * Defaults < file < environment, parsed once into one value; flags are laid over it by whoever has them. The only place that
 * reads the environment.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<Config, { readonly message: string }> {
  const home = env['HOME'] ?? homedir();
  const configFile = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'omk', 'config.toml');
  const file = readFile(configFile);
  if (!file.ok) return file;
  const { goal, budget, agents, timeouts } = file.value;
  return ok({
    root: defaultRoot(env, home, platform()),
    home,
    path: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    configFile,
    defaults: {
      agent: goal.agent ?? null,
      budget: {
        timeMs: budget.time ?? defaultBudget.timeMs,
        tokens: budget.tokens ?? defaultBudget.tokens,
        usd: budget.usd ?? defaultBudget.usd,
      },
      policy: {
        ...defaultPolicy,
        accept: goal.accept ?? defaultPolicy.accept,
        approvals: goal.approvals ?? defaultPolicy.approvals,
        isolation: goal.isolation ?? defaultPolicy.isolation,
        minIsolation: goal.min_isolation ?? defaultPolicy.minIsolation,
        maxAttempts: goal.max_attempts ?? defaultPolicy.maxAttempts,
        planning: goal.planning ?? defaultPolicy.planning,
        review: goal.review ?? defaultPolicy.review,
      },
    },
    agents: Object.fromEntries(
      Object.entries(agents).map(([name, { command, env: names, login_files, home: place }]) => [
        name,
        {
          command,
          env: names,
          ...placesOf({ loginFiles: login_files, home: place === 'user' ? place : undefined }),
        },
      ]),
    ),
    timeouts: {
      handshakeMs: timeouts.handshake ?? 20_000,
      stallMs: timeouts.stall ?? 20 * 60_000,
      parkMs: timeouts.park ?? 10 * 60_000,
    },
  });
}

function readFile(path: string): Result<z.infer<typeof ConfigFile>, { readonly message: string }> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause !== null && typeof cause === 'object' && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(ConfigFile.parse({}));
    return err({ message: `${path} cannot be read (${String(code)}). Check its permissions.` });
  }
  let raw: unknown;
  try {
    raw = parseToml(text);
  } catch (cause) {
    return err({
      message: `${path} is not valid TOML: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
    });
  }
  const parsed = ConfigFile.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  return err({ message: parsed.error.issues.map((issue) => `${path}: ${explain(issue)}`).join('\n') });
}

const knownKeys = [
  'goal',
  'budget',
  'agents',
  'timeouts',
  'agent',
  'accept',
  'isolation',
  'min_isolation',
  'max_attempts',
  'planning',
  'review',
  'time',
  'tokens',
  'usd',
  'command',
  'env',
  'login_files',
  'home',
  'handshake',
  'stall',
  'park',
];

function explain(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`;
  return issue.keys
    .map((key) => {
      const near = nearest(key, knownKeys);
      return `unknown key ${[where, key].filter(Boolean).join('.')}${near === null ? '' : `; did you mean ${near}?`}`;
    })
    .join('; ');
}
