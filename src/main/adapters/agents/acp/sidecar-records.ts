import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import type { ForeignError } from './errors.ts';
import { count, fields, list, text } from './foreign.ts';
import type { Fields } from './foreign.ts';

/**
 * One line of Kimi Code's `agents/<agent>/wire.jsonl` that says something omk needs (agents.md §4). It is an internal
 * format of the agent: unknown types are skipped, missing fields make a line say nothing.
 */
export type SidecarRecord =
  /** A turn began; `user`: a prompt sent over the protocol, otherwise the agent started it by itself. */
  | { readonly type: 'turn_began'; readonly turnId: number; readonly text: string; readonly user: boolean }
  | {
      readonly type: 'turn_ended';
      readonly turnId: number;
      readonly reason: 'completed' | 'cancelled' | 'failed' | 'blocked';
      readonly error: ForeignError | null;
    }
  /** Tokens of one model call. `null`: the call was cut short or the provider reported nothing (all zeros). */
  | { readonly type: 'usage'; readonly usage: TokenUsage | null }
  /** A model call failed; `attempt` is the number of the one that follows. */
  | { readonly type: 'retry'; readonly attempt: number; readonly max: number; readonly error: string }
  /** The model's answer was cut off at its output limit. */
  | { readonly type: 'truncated'; readonly turnId: number }
  | { readonly type: 'said'; readonly turnId: number; readonly text: string }
  /** What a permission request is really about; the protocol shows only its beginning. */
  | {
      readonly type: 'approval_asked';
      readonly toolCallId: string;
      readonly command: string | null;
      readonly paths: readonly string[];
    }
  | { readonly type: 'tool_began'; readonly id: string; readonly name: string; readonly input: Fields }
  | { readonly type: 'tool_ended'; readonly id: string; readonly ok: boolean; readonly output: string };

/** Reads one parsed line; `null`: nothing omk needs. */
export function readRecord(r: Fields): SidecarRecord | null {
  switch (r['type']) {
    case 'turn.prompt': {
      const turnId = count(r['turnId']);
      if (turnId === null) return null;
      const origin = text(fields(r['origin'])['kind']);
      return {
        type: 'turn_began',
        turnId,
        text: inputText(r['input']),
        user: origin === null || origin === 'user',
      };
    }
    case 'turn.ended': {
      const turnId = count(r['turnId']);
      const reason = turnReason(r['reason']);
      if (turnId === null || reason === null) return null;
      return { type: 'turn_ended', turnId, reason, error: errorOf(r['error']) };
    }
    case 'usage.record':
      return { type: 'usage', usage: usageOf(fields(r['usage'])) };
    case 'turn.step.retrying':
      return {
        type: 'retry',
        attempt: count(r['nextAttempt']) ?? (count(r['failedAttempt']) ?? 0) + 1,
        max: count(r['maxAttempts']) ?? 0,
        error: (text(r['errorMessage']) ?? text(r['errorName']) ?? '').slice(0, 500),
      };
    case 'interaction.request':
      return approvalOf(fields(r['request']), text(r['toolCallId']));
    case 'context.append_loop_event':
      return loopEvent(fields(r['event']));
    default:
      return null;
  }
}

function loopEvent(event: Fields): SidecarRecord | null {
  // The turn of a loop event is a string, elsewhere it is a number.
  const turnId = Number.parseInt(text(event['turnId']) ?? '', 10);
  switch (event['type']) {
    case 'content.part': {
      const part = fields(event['part']);
      const said = text(part['text']);
      return part['type'] === 'text' && said !== null && turnId >= 0
        ? { type: 'said', turnId, text: said }
        : null;
    }
    case 'step.end':
      return event['finishReason'] === 'max_tokens' && turnId >= 0 ? { type: 'truncated', turnId } : null;
    case 'tool.call': {
      const id = text(event['toolCallId']);
      const name = text(event['name']);
      return id === null || name === null
        ? null
        : { type: 'tool_began', id, name, input: fields(event['args']) };
    }
    case 'tool.result': {
      const id = text(event['toolCallId']);
      const result = fields(event['result']);
      if (id === null) return null;
      return { type: 'tool_ended', id, ok: result['isError'] !== true, output: text(result['output']) ?? '' };
    }
    default:
      return null;
  }
}

function approvalOf(request: Fields, outerId: string | null): SidecarRecord | null {
  const toolCallId = text(request['toolCallId']) ?? outerId;
  if (toolCallId === null) return null;
  const display = fields(request['display']);
  const path = text(display['path']);
  return {
    type: 'approval_asked',
    toolCallId,
    command: text(display['command']),
    paths: path === null ? [] : [path],
  };
}

const inputText = (input: unknown): string =>
  list(input)
    .map((part) => text(fields(part)['text']) ?? '')
    .join('');

function turnReason(reason: unknown): 'completed' | 'cancelled' | 'failed' | 'blocked' | null {
  return reason === 'completed' || reason === 'cancelled' || reason === 'failed' || reason === 'blocked'
    ? reason
    : null;
}

function errorOf(error: unknown): ForeignError | null {
  if (typeof error !== 'object' || error === null) return null;
  const e = fields(error);
  return {
    code: text(e['code']) ?? '',
    name: text(e['name']) ?? '',
    message: text(e['message']) ?? '',
    retryable: typeof e['retryable'] === 'boolean' ? e['retryable'] : null,
  };
}

function usageOf(usage: Fields): TokenUsage | null {
  const input = count(usage['inputOther']) ?? 0;
  const output = count(usage['output']) ?? 0;
  const cacheRead = count(usage['inputCacheRead']) ?? 0;
  const cacheWrite = count(usage['inputCacheCreation']) ?? 0;
  return input + output + cacheRead + cacheWrite === 0 ? null : { input, output, cacheRead, cacheWrite };
}
