import { closeSync } from 'node:fs';
import { foreignOptions, outcomeOf } from './acp-shared-traps.ts';
import { options, pause, text, tick } from './acp-scenarios.ts';
import type { Agent, Turn } from './acp-protocol.ts';

const origin = (kind: string) => ({ origin: { kind } });
const input = (words: string) => ({ input: [{ type: 'text', text: words }] });

let promptQueued: (words: string) => void = () => undefined;
const queuedPrompt = new Promise<string>((resolve) => {
  promptQueued = resolve;
});

/** A turn nobody asked for, as after work in the background; then the prompt that came meanwhile. */
async function busyWithItself(turn: Turn): Promise<void> {
  turn.record({
    type: 'turn.prompt',
    turnId: 50,
    ...input('<task-notification/>'),
    ...origin('background_task'),
  });
  const words = await queuedPrompt;
  await pause(500);
  turn.record({ type: 'turn.ended', turnId: 50, reason: 'completed' });
  await pause(100);
  turn.record({ type: 'turn.prompt', turnId: 51, ...input(words), ...origin('user') });
  const part = { type: 'text', text: 'carried out' };
  turn.record({ type: 'context.append_loop_event', event: { type: 'content.part', turnId: '51', part } });
  turn.usage([10, 1, 0]);
  turn.record({ type: 'turn.ended', turnId: 51, reason: 'completed' });
}

const compacting = (turn: Turn): void => {
  for (let i = 0; i < 3; i += 1) turn.say('Compacting conversation context…');
};

/** What becomes of the model is said in the session file alone; the answer is `end_turn` (agents.md §3.8). */
const hidden = {
  quota: ['provider.api_error', 'APIProviderQuotaExhaustedError', '429 quota used up', false],
  overflow: ['context.overflow', 'APIContextOverflowError', '400 too long', true],
  'empty-answer': ['provider.api_error', 'APIEmptyResponseError', 'empty', false],
  'cut-socket': ['provider.connection_error', 'APIConnectionError', 'cut', true],
  'filter-hidden': ['provider.filtered', 'APIFilteredError', 'filtered', false],
} as const;

export const hiddenFailures: Readonly<Record<string, Agent>> = Object.fromEntries(
  Object.entries(hidden).map(([name, [code, errorName, message, retryable]]) => [
    name,
    {
      play: async (turn: Turn) => {
        if (name === 'overflow') compacting(turn);
        return { stopReason: 'end_turn', failed: { code, name: errorName, message, retryable } };
      },
    },
  ]),
);

/** What only this protocol does to a client. */
export const traps: Readonly<Record<string, Agent>> = {
  /** Behind a turn of its own, the second prompt is answered at once with nothing done, and carried out later. */
  'queued-prompt': {
    play: async (turn) => {
      if (turn.number === 1) turn.say('first');
      else promptQueued(turn.text);
      return turn.number === 1 ? undefined : { stopReason: 'end_turn', unrecorded: true };
    },
    queues: (turn) => turn.number > 1,
    afterTurn: (turn) => {
      if (turn.number === 1) void busyWithItself(turn);
    },
  },
  /** The record of the turn's end never comes. */
  'unfinished-record': {
    play: async (turn) => {
      turn.say('x');
      return { stopReason: 'end_turn', unrecorded: true };
    },
  },
  /** Two requests at once, answered in any order; ids are text and a number. */
  'two-permissions': {
    play: async (turn) => {
      const ask = (id: string | number, command: string) =>
        turn.ask(
          'session/request_permission',
          {
            options: foreignOptions,
            toolCall: {
              toolCallId: `call_${id}`,
              title: command,
              kind: 'execute',
              status: 'pending',
              rawInput: { command },
              locations: [],
              content: [],
            },
          },
          id,
        );
      const [a, b] = await Promise.all([ask('text-id', 'first'), ask(77, 'second')]);
      turn.say(`${outcomeOf(a)} ${outcomeOf(b)}`);
    },
  },
  /** Only the beginning of a sub-agent's command is in the request; the rest is in its own file. */
  'cut-command': {
    play: async (turn) => {
      const command = `echo ${'a'.repeat(100)}`;
      const ask = (id: string) =>
        turn.ask('session/request_permission', {
          options,
          toolCall: {
            toolCallId: id,
            title: 'Bash',
            content: text(`Requesting approval to Running: ${command.slice(0, 50)}…`),
          },
        });
      turn.record(
        {
          type: 'interaction.request',
          kind: 'approval',
          request: { toolCallId: 'call_known', toolName: 'Bash', display: { kind: 'command', command } },
        },
        'agent-0',
      );
      // A file that says something else is not believed.
      turn.record(
        {
          type: 'interaction.request',
          kind: 'approval',
          request: {
            toolCallId: 'call_other',
            toolName: 'Bash',
            display: { kind: 'command', command: 'rm -rf x' },
          },
        },
        'agent-0',
      );
      const first = outcomeOf(await ask('0:call_known'));
      turn.say(`${first} ${outcomeOf(await ask('0:call_other'))}`);
    },
  },
  /** Asks after its turn is over. */
  'asks-late': {
    play: async (turn) => turn.say('done'),
    afterTurn: (turn) => {
      void turn
        .ask('session/request_permission', {
          options,
          toolCall: {
            toolCallId: 'late',
            title: 'Bash',
            content: text('Requesting approval to Running: id'),
          },
        })
        .then((answer) => turn.say(`late ${outcomeOf(answer)}`));
    },
  },
  /** The same, one at a time, as a permission with the answers for options. */
  'question-as-permission': {
    play: async (turn) => {
      if (turn.number > 1) return turn.say(turn.text);
      const answer = await turn.ask('session/request_permission', {
        options: [
          { optionId: 'q0_opt_0', name: 'TypeScript', kind: 'allow_once' },
          { optionId: 'q0_opt_1', name: 'Python', kind: 'allow_once' },
          { optionId: 'q0_skip', name: 'Skip', kind: 'reject_once' },
        ],
        toolCall: { toolCallId: '0:q', title: 'AskUserQuestion', content: text('Which language?') },
      });
      turn.say(outcomeOf(answer));
    },
  },
  /** Asks two things at once; on a second prompt says how it was told to go on. */
  'question-form': {
    play: async (turn) => {
      if (turn.number > 1) return turn.say(turn.text);
      const choices = (...names: string[]) => names.map((name) => ({ const: name, title: name }));
      const { result } = await turn.ask('elicitation/create', {
        toolCallId: '0:q',
        mode: 'form',
        message: 'Which language?\nWhich features?',
        requestedSchema: {
          type: 'object',
          properties: {
            q0: { type: 'string', title: 'Lang', oneOf: choices('TypeScript', 'Python') },
            q1: { type: 'array', title: 'Feat', items: { anyOf: choices('A', 'B') } },
          },
          required: ['q0', 'q1'],
        },
      });
      turn.say(JSON.stringify(result));
    },
  },
  /** Its plan is approved, so it is in plan mode no more; each turn says in which mode it began. */
  'leaves-plan': {
    play: async (turn) => {
      turn.say(turn.mode);
      if (turn.number > 1) return;
      const toolCallId = turn.call('call_exit', 'ExitPlanMode', 'other', {});
      const answer = await turn.ask('session/request_permission', {
        options: [
          { optionId: 'plan_opt_0', name: 'Fast', kind: 'allow_once' },
          { optionId: 'plan_revise', name: 'Revise', kind: 'reject_once' },
          { optionId: 'plan_reject_and_exit', name: 'Reject and Exit', kind: 'reject_once' },
        ],
        toolCall: { toolCallId, title: 'ExitPlanMode', content: text('# Plan') },
      });
      const chosen = outcomeOf(answer);
      if (['plan_opt_0', 'plan_reject_and_exit'].includes(chosen)) turn.leavePlan();
      turn.result(toolCallId, chosen, { failed: chosen === 'cancelled' });
      turn.say(` ${chosen}`);
    },
  },
  /** The same, and its mode can be set only once. */
  'leaves-plan-for-good': {
    play: async (turn) => turn.result(turn.call('call_exit', 'ExitPlanMode', 'other', {}), 'left'),
    onceOnly: 'session/set_mode',
  },
  'text-ids': { textIds: true, play: async (turn) => turn.say('fine') },
  'other-version': {
    play: tick,
    handshake: { initialize: { result: { protocolVersion: 2, agentCapabilities: {} } } },
  },
  'signed-out-at-start': {
    play: tick,
    handshake: { 'session/new': { error: { code: -32000, message: 'Authentication required' } } },
  },
  'mode-refused': {
    play: tick,
    handshake: { 'session/set_mode': { error: { code: -32602, message: 'Unknown modeId' } } },
  },
  'no-modes': {
    play: async (turn) => turn.say('fine'),
    handshake: { 'session/new': { result: { sessionId: 'the-only-one' } } },
  },
  'closes-output': {
    play: async (turn) => {
      turn.say('half');
      await turn.raw('');
      closeSync(1);
      return new Promise(() => undefined);
    },
    listens: false,
  },
  /** The answer comes long before the record of what the turn came to. */
  'slow-record': {
    recordAfterMs: 900,
    play: async (turn) => {
      turn.say('x');
      return {
        stopReason: 'end_turn',
        failed: { code: 'provider.connection_error', message: 'cut', retryable: true },
      };
    },
  },
  /** What a resumed process says about itself. */
  'says-session': { play: async (turn) => turn.say(turn.sessionId) },
};
