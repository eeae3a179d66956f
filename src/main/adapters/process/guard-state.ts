import { z } from 'zod';
import { followTree } from './process-tree.ts';
import { killTree } from './stop.ts';

const Known = z.object({ pid: z.number().int().min(2), start: z.string().min(1) });
const Marker = z.object({ tmpDir: z.string().nullable(), dir: z.string().nullable() });

/** One line for the watchdog's standard input and for the journal on disk. */
export const GuardLine = z.discriminatedUnion('op', [
  z.object({ op: z.literal('boot'), id: z.string() }),
  z.object({ op: z.literal('add'), root: Known, marker: Marker }),
  z.object({ op: z.literal('escaped'), root: Known, processes: z.array(Known) }),
  z.object({ op: z.literal('remove'), root: Known }),
]);
export type GuardLine = z.infer<typeof GuardLine>;

type Run = {
  readonly root: z.infer<typeof Known>;
  readonly marker: z.infer<typeof Marker>;
  readonly escaped: z.infer<typeof Known>[];
};

/** What runs according to the lines so far. */
export type GuardState = { readonly runs: Map<number, Run>; bootId: string | null };

export const emptyGuardState = (): GuardState => ({ runs: new Map(), bootId: null });

/** A line that cannot be read is skipped: a torn last line is what a killed host leaves. */
export function applyGuardLine(state: GuardState, text: string): void {
  const line = parse(text);
  if (line === null) return;
  switch (line.op) {
    case 'boot':
      state.bootId = line.id;
      return;
    case 'add':
      state.runs.set(line.root.pid, { root: line.root, marker: line.marker, escaped: [] });
      return;
    case 'escaped': {
      const run = state.runs.get(line.root.pid);
      if (run?.root.start === line.root.start) run.escaped.push(...line.processes);
      return;
    }
    case 'remove':
      if (state.runs.get(line.root.pid)?.root.start === line.root.start) state.runs.delete(line.root.pid);
      return;
  }
}

function parse(text: string): GuardLine | null {
  try {
    return GuardLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The lines that say the same as `state`, in the shortest way. */
export function guardLines(state: GuardState): readonly GuardLine[] {
  return [...state.runs.values()].flatMap(({ root, marker, escaped }): GuardLine[] => [
    { op: 'add', root, marker },
    ...(escaped.length === 0 ? [] : [{ op: 'escaped' as const, root, processes: escaped }]),
  ]);
}

/** Kills every recorded run that is still alive. Returns how many processes were ended and which would not die. */
export async function endRuns(
  state: GuardState,
): Promise<{ readonly ended: number; readonly survivors: readonly number[] }> {
  let ended = 0;
  const survivors: number[] = [];
  await Promise.all(
    [...state.runs.values()].map(async (run) => {
      const tree = followTree(run.root, run.marker, run.escaped);
      const alive = tree.alive().length;
      const left = await killTree(tree);
      ended += alive - left.length;
      survivors.push(...left.map(({ pid }) => pid));
      tree.release();
    }),
  );
  return { ended, survivors };
}
