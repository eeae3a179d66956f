import { z } from 'zod';

/** What omk can do with an agent. `null`: known once it was tried. */
export const AgentAbilities = z.object({
  questions: z.boolean().nullable(),
  usage: z.enum(['live', 'sidecar', 'none']).nullable(),
  resume: z.boolean().nullable(),
  /** omk carries out its file and terminal calls itself. */
  executor: z.boolean().nullable(),
  steering: z.boolean().nullable(),
  /** It says so when a model call failed. */
  failures: z.boolean().nullable(),
  /** It is offered omk's own tools. */
  tools: z.boolean().nullable(),
});
export type AgentAbilities = z.infer<typeof AgentAbilities>;

export type AbilityLine = { readonly can: boolean | null; readonly text: string };

/** One sentence for each ability, what it can do first, in words for a person. */
export function abilityLines(of: AgentAbilities): readonly AbilityLine[] {
  const usage = of.usage === null ? null : of.usage !== 'none';
  const lines: readonly AbilityLine[] = [
    line(of.questions, 'Asks you questions and waits for your answer', 'Cannot ask you questions'),
    line(
      usage,
      of.usage === 'sidecar'
        ? 'Its token use is read from its session file'
        : 'Reports its token use as it works',
      'Reports no token use: omk estimates it, and says so',
    ),
    line(
      of.resume,
      'Its session goes on after an interruption',
      'Starts a new session after an interruption',
    ),
    line(
      of.executor,
      'omk reads, writes and runs commands for it, and can refuse each',
      'Reads, writes and runs commands itself',
    ),
    line(
      of.steering,
      'Takes a new instruction in the middle of a turn',
      'Takes a new instruction between turns',
    ),
    line(of.failures, 'Says so when its model call failed', 'May hide that its model call failed'),
    line(of.tools, 'Has omk’s tools to ask, report and propose', 'Has none of omk’s tools'),
  ];
  return [true, false, null].flatMap((can) => lines.filter((one) => one.can === can));
}

/** What is not known is said as a question that a try answers. */
const line = (can: boolean | null, yes: string, no: string): AbilityLine => ({
  can,
  text: can === false ? no : yes,
});
