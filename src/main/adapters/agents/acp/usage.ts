import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';

export function addUsage(sum: TokenUsage | null, delta: TokenUsage): TokenUsage {
  if (sum === null) return delta;
  return {
    input: sum.input + delta.input,
    output: sum.output + delta.output,
    cacheRead: sum.cacheRead + delta.cacheRead,
    cacheWrite: sum.cacheWrite + delta.cacheWrite,
  };
}
