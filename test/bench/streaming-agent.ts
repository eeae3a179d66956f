import { serve } from '../fakes/wire-protocol.ts';

// A fake Wire agent that streams: `streaming-agent.ts flood <bytes>` as fast as it is read, `streaming-agent.ts pace <ms> <count>` in
// steady pieces.
const [mode = '', first = '0', second = '0'] = process.argv.slice(2);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

serve({
  version: '1.10',
  listens: true,
  async play(turn) {
    turn.event('StepBegin', { n: 1 });
    if (mode === 'flood') {
      const piece = 'flood of words '.repeat(700);
      const line = `${JSON.stringify({
        jsonrpc: '2.0',
        method: 'event',
        params: { type: 'ContentPart', payload: { type: 'text', text: piece } },
      })}\n`;
      for (let sent = 0; sent < Number(first); sent += line.length) await turn.raw(line);
      return;
    }
    for (let piece = 0; piece < Number(second); piece += 1) {
      turn.say(`word ${piece} and some more of them `);
      await pause(Number(first));
    }
  },
});
