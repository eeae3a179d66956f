import type { Agent } from './acp-protocol.ts';

const forever = (): Promise<never> => new Promise(() => undefined);

/** What an agent remembers between processes, and what it is told between prompts. */
export const memory = {
  remembers: {
    play: async (turn) => {
      turn.say(`prompt ${turn.before + 1}: ${turn.text}`);
      if (!turn.text.includes('die')) return undefined;
      await turn.raw('');
      process.kill(process.pid, 'SIGKILL');
      return forever();
    },
  },
  'hung-resume': {
    play: async (turn) => turn.say(`prompt ${turn.before + 1}`),
    handshake: { 'session/resume': null, 'session/load': null },
  },
  // The protocol has no way to add to a turn: it is cancelled and prompted again.
  steered: {
    play: async (turn) => {
      if (turn.number > 1) return turn.say(`heard: ${turn.text}`);
      turn.say('begun ');
      turn.usage([100, 10, 0]);
      return forever();
    },
  },
  mode: { play: async (turn) => turn.say(turn.mode === 'plan' ? 'plan' : 'ask') },
} satisfies Readonly<Record<string, Agent>>;
