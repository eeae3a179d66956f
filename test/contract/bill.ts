import type { ModelServer } from '../fakes/model-server.ts';
import type { Ended } from '../goal/omk.ts';

/** What a log says was spent, in the words of the bill. */
export function spent(log: Ended['events']): ModelServer['billed'] {
  const sum = { prompt: 0, completion: 0, cached: 0 };
  for (const { type, payload } of log) {
    if (type !== 'budget.spent' || payload['tokens'] === null) continue;
    const tokens = payload['tokens'] as Record<'input' | 'output' | 'cacheRead' | 'cacheWrite', number>;
    sum.prompt += tokens.input + tokens.cacheRead + tokens.cacheWrite;
    sum.completion += tokens.output;
    sum.cached += tokens.cacheRead;
  }
  return sum;
}
