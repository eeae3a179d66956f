import type { AgentStart } from '../../../runtime/agent-backend.ts';
import type { AgentSpec } from '../../../../shared/goal/vocabulary.ts';

/** Where agents that speak the same protocol differ (agents.md §6). Not a backend each: a row each. */
export type Quirks = {
  readonly id: AgentSpec['quirks'];
  /** Whose session file tells the truth about turns and tokens. */
  readonly sidecar: 'kimi-code' | null;
  readonly usage: 'sidecar' | 'chunk_meta' | 'none';
  /** Ids of the agent's modes that mean ours, best first. */
  readonly modes: Readonly<Record<AgentStart['mode'], readonly string[]>>;
  /** The mode is sent even when the agent offers none or says it is set: what it says is not true after a resume. */
  readonly modeRequired: boolean;
  /** The first title of a tool call is not its name; `_meta.toolName` is. */
  readonly toolNameInMeta: boolean;
  /** `completed` is only said of commands that exit with 0. */
  readonly completedMeansExitZero: boolean;
  /** Permission requests with this title are questions. */
  readonly questionTitle: string | null;
  /** Those with this one ask whether a plan is to be carried out: its options are the ways to do so, or not. */
  readonly planTitle: string | null;
  /** Tools by which the model changes the mode itself, of which nothing is said. */
  readonly modeTools: readonly string[];
  /** Files of its own that it reads before it has written them, and every turn fails unless they are empty then. */
  readonly emptyUntilWritten: RegExp | null;
  /** omk reads and writes files, and runs commands, for the agent. */
  readonly hostFs: boolean;
  readonly hostExec: boolean;
  /**
   * What this tool asks permission for comes again as a command for omk to run, seen with these versions: it is refused there, with a
   * reason, because a refused permission tells the model none.
   */
  readonly refusedLater: { readonly tool: string; readonly versions: RegExp } | null;
  /** The agent's own remarks that it sends as if the model had spoken them. */
  readonly isNotice: (delta: string) => boolean;
};

const anyModes: Quirks['modes'] = {
  ask: ['default', 'ask', 'manual', 'normal'],
  auto: ['auto', 'auto-edit', 'acceptEdits', 'default'],
  yolo: ['yolo', 'bypassPermissions', 'full-access', 'auto'],
  plan: ['plan', 'read-only'],
};

const generic: Quirks = {
  id: 'generic',
  sidecar: null,
  usage: 'none',
  modes: anyModes,
  modeRequired: false,
  toolNameInMeta: false,
  completedMeansExitZero: false,
  questionTitle: null,
  planTitle: null,
  modeTools: [],
  emptyUntilWritten: null,
  hostFs: true,
  hostExec: true,
  refusedLater: null,
  isNotice: () => false,
};

const KIMI_NOTICE =
  /^(?:Compacting conversation context|Context compaction started|Compaction (?:completed\.|cancelled\.|is blocked by)|Unknown ACP command: \/)/;

const kimiCode: Quirks = {
  ...generic,
  id: 'kimi-code',
  sidecar: 'kimi-code',
  usage: 'sidecar',
  modes: { ask: ['default'], auto: ['auto'], yolo: ['yolo'], plan: ['plan'] },
  modeRequired: true,
  completedMeansExitZero: true,
  questionTitle: 'AskUserQuestion',
  planTitle: 'ExitPlanMode',
  modeTools: ['EnterPlanMode', 'ExitPlanMode'],
  emptyUntilWritten: /\/sessions\/[^/]+\/[^/]+\/agents\/[^/]+\/plans\/[^/]+\.md$/,
  refusedLater: { tool: 'Bash', versions: /^2\.1\./ },
  isNotice: (delta) => KIMI_NOTICE.test(delta),
};

const qwenCode: Quirks = {
  ...generic,
  id: 'qwen-code',
  usage: 'chunk_meta',
  modes: { ask: ['default'], auto: ['auto-edit'], yolo: ['yolo'], plan: ['plan'] },
  modeRequired: true,
  toolNameInMeta: true,
};

/** The row for an agent; a command typed by a person is recognised by the program it runs. */
export function quirksFor(spec: AgentSpec): Quirks {
  const id = spec.quirks === 'generic' ? recognise(spec.argv) : spec.quirks;
  switch (id) {
    case 'kimi-code':
      return kimiCode;
    case 'qwen-code':
      return qwenCode;
    case 'generic':
    case 'demo':
    case 'kimi-cli':
      return { ...generic, id };
  }
}

function recognise(argv: readonly string[]): AgentSpec['quirks'] {
  const paths = argv.map((word) => word.replaceAll('\\', '/'));
  if (paths.some((path) => path.includes('/@moonshot-ai/kimi-code/'))) return 'kimi-code';
  if (paths.some((path) => path.includes('/@qwen-code/'))) return 'qwen-code';
  const program = (paths[0] ?? '')
    .split('/')
    .at(-1)
    ?.replace(/\.(?:exe|cmd|mjs|js)$/, '');
  if (program === 'kimi' && argv.includes('acp')) return 'kimi-code';
  return program === 'qwen' ? 'qwen-code' : 'generic';
}

/**
 * A prompt that begins with a slash would be taken for a command of the agent's own and never reach the model
 * (agents.md §3.8); other prompts are sent exactly as given.
 */
export function guardPrompt(prompt: string): string {
  return prompt.trimStart().startsWith('/') ? `Request:\n${prompt}` : prompt;
}
