import type { AgentEvent } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import { addUsage } from './usage.ts';
import { middleCut, text } from './foreign.ts';
import type { Fields } from './foreign.ts';
import type { FullerRequest } from './permission.ts';
import type { Sidecar, SidecarLine } from './sidecar.ts';
import type { SidecarRecord } from './sidecar-records.ts';
import type { TurnFacts } from './turn.ts';

type Began = Extract<SidecarRecord, { type: 'turn_began' }>;
type Ended = Extract<SidecarRecord, { type: 'turn_ended' }>;

/** Follows the session file through the life of a session: which turn is ours, how it ended, what it cost. */
export type SidecarTracker = {
  /** Reads what earlier processes of a resumed session left: only its tokens count, their ids say if they are known. */
  catchUp(): void;
  /** Reads on; `true` when the file grew, which is a sign of life. */
  poll(): boolean;
  /** A prompt is about to be sent: the next turn with its text is ours. */
  expect(prompt: string): void;
  readonly facts: NonNullable<TurnFacts['sidecar']>;
  /** Tokens and text recorded since the prompt was announced. */
  readonly usage: TokenUsage | null;
  readonly said: string;
  /** What the agents' own files say about requests of this id; sub-agents may use the same one. */
  approvals(toolCallId: string): readonly FullerRequest[];
};

const MAIN = 'main';
const MAX_APPROVALS = 1_000;
/** Readings until nothing is new, 8 MiB of each agent at a time; one that writes on and on is not waited for. */
const MAX_ROUNDS = 32;
const MAX_SAID = 4 * 1024 * 1024;

export function createSidecarTracker(o: {
  readonly sidecar: Sidecar;
  readonly sessionId: string;
  readonly emit: (event: AgentEvent) => void;
  readonly now: () => number;
}): SidecarTracker {
  const approvals = new Map<string, readonly FullerRequest[]>();
  const tools = new Map<string, { readonly name: string; readonly input: Fields }>();
  let expected: string | null = null;
  let turn: { readonly id: number; ended: Ended | null } | null = null;
  let ownTurn: number | null = null;
  let ownEndedAt: number | null = null;
  let usage: TokenUsage | null = null;
  let said = '';
  let worked = false;

  const began = (record: Began): void => {
    // A killed prompt is put before the next one, so ours is the end of what the turn began with.
    if (expected !== null && turn === null && record.user && record.text.endsWith(expected)) {
      turn = { id: record.turnId, ended: null };
      return;
    }
    ownTurn = record.turnId;
    o.emit({ type: 'autonomous_turn', state: 'begin' });
  };

  const ended = (record: Ended): void => {
    if (turn !== null && turn.id === record.turnId) turn.ended ??= record;
    if (ownTurn !== record.turnId) return;
    ownTurn = null;
    ownEndedAt = o.now();
    o.emit({ type: 'autonomous_turn', state: 'end' });
  };

  const take = ({ agent, line, record }: SidecarLine): void => {
    switch (record.type) {
      case 'turn_began':
        if (agent === MAIN) began(record);
        return;
      case 'turn_ended':
        if (agent === MAIN) ended(record);
        return;
      case 'usage':
        if (record.usage === null) return;
        usage = addUsage(usage, record.usage);
        o.emit({ type: 'usage', usageId: `${o.sessionId}/${agent}#${line}`, delta: record.usage });
        return;
      case 'retry':
        o.emit({ type: 'retry', attempt: record.attempt, max: record.max, error: record.error });
        return;
      case 'truncated':
        o.emit({ type: 'notice', text: "The model's answer was cut off at its output limit." });
        return;
      case 'said':
        if (agent !== MAIN || record.turnId !== turn?.id) return;
        worked ||= record.text.trim() !== '';
        if (said.length < MAX_SAID) said += record.text;
        return;
      case 'approval_asked':
        if (approvals.size >= MAX_APPROVALS) approvals.clear();
        approvals.set(record.toolCallId, [
          ...(approvals.get(record.toolCallId) ?? []).slice(-20),
          { id: `${agent}/${record.toolCallId}`, agent, command: record.command, paths: record.paths },
        ]);
        return;
      case 'tool_began':
        if (agent !== MAIN) tool(agent, record.id, record.name, record.input, 'running', null);
        worked ||= turn !== null;
        return;
      case 'tool_ended': {
        const known = tools.get(`${agent}/${record.id}`);
        if (agent === MAIN || known === undefined) return;
        tool(agent, record.id, known.name, known.input, record.ok ? 'ok' : 'failed', record.output);
        return;
      }
    }
  };

  /** Calls of a sub-agent are told by its own file only. */
  const tool = (
    agent: string,
    id: string,
    name: string,
    input: Fields,
    state: 'running' | 'ok' | 'failed',
    output: string | null,
  ): void => {
    const key = `${agent}/${id}`;
    if (state === 'running') {
      if (tools.size >= MAX_APPROVALS) tools.clear();
      tools.set(key, { name, input });
    } else tools.delete(key);
    const path = text(input['path']) ?? text(input['file_path']);
    const command = text(input['command']);
    const exit = /Command failed with exit code: (-?\d+)/.exec((output ?? '').slice(-500));
    o.emit({
      type: 'tool',
      id: key,
      name,
      kind: kinds[name] ?? 'other',
      state,
      paths: path === null ? [] : [path],
      command,
      exitCode: exit !== null ? Number(exit[1]) : command !== null && state === 'ok' ? 0 : null,
      output: output === null ? null : middleCut(output, 16_384),
      subagent: agent,
    });
  };

  return {
    catchUp() {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const { lines, grown } = o.sidecar.poll();
        for (const line of lines) if (line.record.type === 'usage') take(line);
        if (!grown) return;
      }
    },
    poll() {
      const { lines, grown } = o.sidecar.poll();
      for (const line of lines) take(line);
      return grown;
    },
    expect(prompt) {
      expected = prompt;
      turn = null;
      ownEndedAt = null;
      usage = null;
      said = '';
      worked = false;
    },
    get facts() {
      return {
        found: o.sidecar.found,
        turn: turn === null ? null : { ended: turn.ended },
        worked,
        ownTurn: { running: ownTurn !== null, endedAt: ownEndedAt },
      };
    },
    get usage() {
      return usage;
    },
    get said() {
      return said;
    },
    approvals: (toolCallId) => approvals.get(toolCallId) ?? approvals.get(withoutTurn(toolCallId)) ?? [],
  };
}

const kinds: Readonly<Record<string, Extract<AgentEvent, { type: 'tool' }>['kind']>> = {
  Read: 'read',
  Write: 'edit',
  Edit: 'edit',
  Bash: 'execute',
  Glob: 'search',
  Grep: 'search',
};

/** Ids on the wire are `<turn>:<id of the model>`; the file has the model's. */
const withoutTurn = (toolCallId: string): string => toolCallId.replace(/^\d+:/, '');
