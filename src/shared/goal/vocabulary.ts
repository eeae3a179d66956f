import { z } from 'zod';
import { Digest, Oid } from '../kernel/ids.ts';
import { GateParser } from './gate-parser.ts';
import { GoldenCase } from './golden-case.ts';

/** The nine statuses. Only `verdict.ts` decides between them; everything else reads its answer. */
export const GoalStatus = z.enum([
  'running',
  'paused',
  'ready',
  'not_ready',
  'blocked_on_human',
  'blocked_on_external',
  'needs_more_budget',
  'failed_infra',
  'cancelled',
]);
export type GoalStatus = z.infer<typeof GoalStatus>;

export const GoalPhase = z.enum([
  'intake',
  'planning',
  'decomposition',
  'execution',
  'verification_design',
  'proof',
]);
export type GoalPhase = z.infer<typeof GoalPhase>;

export const Actor = z.enum(['operator', 'policy', 'host', 'agent']);
export type Actor = z.infer<typeof Actor>;

/** What a person says the goal is. `change` needs a check that goes red to green; the other two were chosen by a person. */
export const GoalKind = z.enum(['change', 'refactor', 'docs']);
export type GoalKind = z.infer<typeof GoalKind>;

export const AttemptKind = z.enum(['prepare', 'setup', 'base', 'plan', 'agent', 'verify', 'review', 'land']);
export type AttemptKind = z.infer<typeof AttemptKind>;

/** Kinds that an agent carries out: they cost its time and tokens. */
export const drivesAgent = (kind: AttemptKind): boolean =>
  kind === 'agent' || kind === 'plan' || kind === 'review';

/** Isolation reached: L0 process group, L1 calls mediated by the protocol, L2 operating-system namespaces, L3 container. */
export const IsolationLevel = z.enum(['L0', 'L1', 'L2', 'L3']);
export type IsolationLevel = z.infer<typeof IsolationLevel>;

export const Failure = z.object({
  /** `noun.reason`, owned by one module. */
  code: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  /** One sentence to a person: what failed, what to do. */
  message: z.string().max(2_000),
  /** `later`: try again by policy; `ask`: a person or the outside world must change something; `never`: final. */
  retry: z.enum(['never', 'later', 'ask']),
  /** Which kind of stop a final failure justifies. `infra`: omk itself or the verification tree cannot be trusted. */
  blame: z.enum(['agent', 'external', 'infra', 'person']),
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type Failure = z.infer<typeof Failure>;

export const AgentSpec = z.object({
  /** Name shown and used in `--agent`; `custom` for `--agent-command`. */
  name: z.string().min(1).max(100),
  protocol: z.enum(['wire', 'acp']),
  /** The exact argv; run without a shell. */
  argv: z.array(z.string()).min(1).max(200),
  /** Names of further environment variables that the person lets through. */
  envNames: z.array(z.string()).max(100).default([]),
  /** Which row of the quirks table applies. */
  quirks: z.enum(['kimi-code', 'kimi-cli', 'qwen-code', 'demo', 'generic']).default('generic'),
  /** Files, relative to the person's home, that hold its login; beside those omk knows of. */
  loginFiles: z.array(z.string().min(1).max(300)).max(20).optional(),
  /** It runs with the person's home in place of a private one. */
  home: z.literal('user').optional(),
});
export type AgentSpec = z.infer<typeof AgentSpec>;

export const Budget = z.object({
  /** Milliseconds of agent time; does not run while paused, blocked or while gates run. `null`: unlimited. */
  timeMs: z.number().int().min(0).nullable(),
  tokens: z.number().int().min(0).nullable(),
  usd: z.number().min(0).nullable(),
});
export type Budget = z.infer<typeof Budget>;

/** 2 h, 2 M tokens, no money limit. */
export const defaultBudget: Budget = { timeMs: 7_200_000, tokens: 2_000_000, usd: null };

/** What an agent may do unasked: nothing that acts, what a boundary holds, or nothing but looking. */
export const Approvals = z.enum(['manual', 'auto', 'never']);
export type Approvals = z.infer<typeof Approvals>;

export const GoalPolicy = z.object({
  accept: z.enum(['manual', 'auto']),
  yesPlan: z.boolean(),
  trustGates: z.boolean(),
  from: z.enum(['head', 'snapshot']),
  kind: GoalKind,
  /** A person said before agents started that existing tests may change. */
  testsMayChange: z.boolean(),
  delivery: z.enum(['local', 'draft-pr', 'auto-pr']),
  merge: z.enum(['disabled', 'manual', 'gated']),
  minIsolation: IsolationLevel,
  /** `namespaces` where the system has them; `none` is the visible opt-down. */
  isolation: z.enum(['namespaces', 'none']),
  maxAgents: z.number().int().min(1).max(16),
  /** Agent attempts before the goal stops as not ready; a retry by a person adds as many again. */
  maxAttempts: z.number().int().min(1).max(20),
  /** Who proposes the plan: an agent that only reads, or omk with one slice for the whole goal. */
  planning: z.enum(['agent', 'heuristic']).default('heuristic'),
  /** Whether another session of the agent reads the diff of a result that passed. */
  review: z.enum(['agent', 'none']).default('none'),
  approvals: Approvals.default('auto'),
});
export type GoalPolicy = z.infer<typeof GoalPolicy>;

export const defaultPolicy: GoalPolicy = {
  accept: 'manual',
  yesPlan: false,
  trustGates: false,
  from: 'head',
  kind: 'change',
  testsMayChange: false,
  delivery: 'local',
  merge: 'disabled',
  minIsolation: 'L0',
  isolation: 'namespaces',
  maxAgents: 1,
  maxAttempts: 3,
  planning: 'agent',
  review: 'none',
  approvals: 'auto',
};

/** `golden`: a program is held, case by case, against what an old one did or does. */
export const GateKind = z.enum(['setup', 'check', 'golden', 'probe']);
export type GateKind = z.infer<typeof GateKind>;

/** One gate as it will be run. Everything that a change of could change the answer is in here, hence in the digest. */
export const GateSpec = z.object({
  name: z.string().min(1).max(100),
  kind: GateKind,
  /** Program and arguments; no shell. `argv[0]` is a name resolved on the clean PATH, or a path inside the tree. */
  argv: z.array(z.string()).min(1).max(200),
  /** Folder inside the tree, POSIX, '' for the root. */
  cwd: z.string().default(''),
  required: z.boolean().default(true),
  selected: z.boolean().default(true),
  timeoutMs: z.number().int().min(1).default(600_000),
  repeat: z.number().int().min(1).max(10).default(2),
  cost: z.enum(['cheap', 'slow']).default('cheap'),
  network: z.boolean().default(false),
  exclusive: z.boolean().default(false),
  env: z.array(z.string()).default([]),
  parser: GateParser.default('none'),
  /** Setup only: paths (relative to cwd) whose content is sealed and copied into trees. */
  outputs: z.array(z.string()).default([]),
  /** Where the gate comes from, to be shown: `.omk/gates.toml`, `package.json scripts.test`, … */
  source: z.string().max(300),
  /** Resolved text of a script the argv calls, e.g. the value of package.json's `scripts.test`; shown and in the digest. */
  script: z.string().max(20_000).optional(),
  /** Golden only: argv of the old program. */
  old: z.array(z.string()).min(1).max(200).optional(),
  /** Golden only, and there never empty. */
  cases: z.array(GoldenCase).min(1).max(50).optional(),
  /** Probe only: the file a person keeps it in. No agent and no gate may see it, where the system lets anything be hidden. */
  file: z.string().max(4_096).optional(),
  /** Probe only. */
  stdin: z.string().max(1_000_000).optional(),
  expect: z.object({ stdout: z.string().optional(), exit: z.number().int().optional() }).optional(),
});
export type GateSpec = z.infer<typeof GateSpec>;

export const TestCounts = z.object({
  passed: z.number().int().min(0),
  failed: z.number().int().min(0),
  skipped: z.number().int().min(0),
});
export type TestCounts = z.infer<typeof TestCounts>;

export const GateOutcome = z.enum(['passed', 'failed', 'errored', 'timed_out', 'skipped', 'flaky']);
export type GateOutcome = z.infer<typeof GateOutcome>;

/** What one gate did over its runs on one tree. Lists are capped; the whole is in the evidence. */
export const GateRecord = z.object({
  name: z.string(),
  kind: GateKind,
  required: z.boolean(),
  outcome: GateOutcome,
  exitCodes: z.array(z.number().int().nullable()).max(10),
  durationMs: z.number().int().min(0),
  runs: z.number().int().min(0),
  parsed: z.boolean(),
  counts: TestCounts.nullable(),
  /** Test ids that failed, at most 50. */
  failedTests: z.array(z.string().max(500)).max(50),
  /** Why it reads so when the exit code alone does not say it: missing tests, exit 0 with a failed test, no report, … */
  notes: z.array(z.string().max(500)).max(20),
  evidence: z.array(Digest).max(40),
  /** Of `runs`, those that passed by themselves. This and what follows is missing in logs from before it was recorded. */
  passedRuns: z.number().int().min(0).optional(),
  /** Tests whose result differed between runs of the same tree. */
  flakyTests: z.number().int().min(0).optional(),
  /** Copies of tests with a wrong expectation that were run, those that failed as they must, and tests with nothing to alter. */
  canary: z
    .object({
      altered: z.number().int().min(0),
      failed: z.number().int().min(0),
      without: z.number().int().min(0),
    })
    .optional(),
  /** Names of all environment variables it ran with. */
  env: z.array(z.string().max(200)).max(100).optional(),
});
export type GateRecord = z.infer<typeof GateRecord>;

export const Finding = z.object({
  rule: z.string().max(100),
  severity: z.enum(['blocker', 'warning', 'note']),
  /** How a blocker stops `ready`: at once as a breach, or as a question to the person. */
  effect: z.enum(['breach', 'question', 'none']),
  file: z.string().max(1_000),
  line: z.number().int().min(1).nullable(),
  message: z.string().max(1_000),
});
export type Finding = z.infer<typeof Finding>;

export const ReviewSection = z.object({
  name: z.enum(['architect', 'code', 'test', 'security', 'performance', 'anti-slop']),
  state: z.enum(['passed', 'findings', 'not_assessed']),
  note: z.string().max(500),
});
export type ReviewSection = z.infer<typeof ReviewSection>;

export const ChangedFile = z.object({
  path: z.string().max(4_096),
  previousPath: z.string().max(4_096).optional(),
  change: z.enum(['added', 'modified', 'deleted', 'renamed', 'mode', 'type']),
  added: z.number().int().min(0).nullable(),
  removed: z.number().int().min(0).nullable(),
  binary: z.boolean(),
  /** The file belongs to the oracle: it was verified with the copy from base. */
  locked: z.boolean(),
  oldBlob: Oid.nullable(),
  newBlob: Oid.nullable(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

export const TaskSpec = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
  title: z.string().min(1).max(300),
  description: z.string().min(1).max(20_000),
  dependencies: z.array(z.string()),
  readSet: z.array(z.string()),
  writeSet: z.array(z.string()),
  acceptance: z.array(z.string().min(1).max(2_000)).min(1),
  risk: z.enum(['low', 'medium', 'high']),
});
export type TaskSpec = z.infer<typeof TaskSpec>;

/** What a planner writes beside its tasks: an agent's words, kept apart from omk's own. */
export const PlanDocuments = z.object({
  brief: z.string().max(6_000),
  technicalPlan: z.string().max(16_000),
  testSpec: z.string().max(12_000),
  /** What only a person can decide. */
  openQuestions: z.array(z.string().min(1).max(1_000)).max(8),
});
export type PlanDocuments = z.infer<typeof PlanDocuments>;

/** What an agent remarks on a diff: its opinion, so it never blocks and carries no effect. */
export const Remark = z.object({
  section: ReviewSection.shape.name,
  rule: z.string().min(1).max(100),
  severity: z.enum(['warning', 'note']),
  file: z.string().max(1_000),
  line: z.number().int().min(1).nullable(),
  message: z.string().min(1).max(1_000),
});
export type Remark = z.infer<typeof Remark>;
/** How an agent came to know what a person wrote: at its next step, by breaking off what it did, or in its prompt. */
export const NoteDelivery = z.enum(['steered', 'restarted', 'prompt']);
export type NoteDelivery = z.infer<typeof NoteDelivery>;

/** What an agent says it has done, in words and, where it can, as something omk can look at itself. */
export const AgentClaim = z.object({
  said: z.string().min(1).max(400),
  files: z.array(z.string().min(1).max(1_000)).max(20),
  /** A command it says it ran. */
  command: z.string().min(1).max(2_000).nullable(),
});
export type AgentClaim = z.infer<typeof AgentClaim>;

export const QuestionKind = z.enum([
  'goal.vague',
  'gates.trust',
  'gates.missing',
  'gates.unreadable',
  'plan.approve',
  'base.dirty',
  'base.green',
  'oracle.changed',
  'policy.finding',
  'red_to_green.missing',
  'diff.empty',
  'project.changed',
  'approval',
  'agent.question',
  'acceptance',
  'landing.refused',
  /** An attempt cannot go on until a person does something outside omk, such as signing an agent in. */
  'person.needed',
  /** The agent said that the goal cannot be reached, or contradicts itself. */
  'goal.impossible',
]);
export type QuestionKind = z.infer<typeof QuestionKind>;

export const Question = z.object({
  kind: QuestionKind,
  /** omk's own words, never an agent's. One question that ends in "?". */
  title: z.string().max(500),
  /** One sentence of context. */
  context: z.string().max(4_000),
  /** Exact command, diff or file the question is about; shown verbatim in mono. */
  subject: z.string().max(20_000).optional(),
  /** The agent's own words, quoted below omk's. */
  quote: z.string().max(8_000).optional(),
  choices: z
    .array(
      z.object({
        id: z.string().max(60),
        label: z.string().max(300),
        detail: z.string().max(500).optional(),
      }),
    )
    .max(12),
  defaultChoice: z.string().max(60).nullable(),
  /** Several of the choices may be taken at once; the answer names them with commas in between. */
  multi: z.literal(true).optional(),
  allowText: z.boolean(),
  /** SHA-256 over exactly what is asked; an answer that names another digest is refused. */
  digest: Digest,
  /** `attempt`: only this attempt waits; `acceptance`: everything but accepting goes on; `goal`: nothing proceeds. */
  blocks: z.enum(['goal', 'attempt', 'acceptance']),
  /** Acts of an agent that this one answer decides together, each exactly as shown; `times`: how often it was asked for. */
  acts: z
    .array(
      z.object({
        kind: z.enum(['command', 'write']),
        text: z.string().max(4_000),
        times: z.number().int().min(1),
      }),
    )
    .max(200)
    .optional(),
  /** First words of the command: the choice `rule` allows every plain command of this goal that begins so. */
  rule: z.array(z.string().max(200)).max(4).optional(),
  costOfWaiting: z.string().max(500),
});
export type Question = z.infer<typeof Question>;

export const TokenUsage = z.object({
  input: z.number().int().min(0),
  output: z.number().int().min(0),
  cacheRead: z.number().int().min(0),
  cacheWrite: z.number().int().min(0),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** One link of the chain that explains a verdict. */
export const Reason = z.object({
  code: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  message: z.string().max(2_000),
  evidence: z.array(Digest).max(40).optional(),
});
export type Reason = z.infer<typeof Reason>;
