import { spawn } from 'node:child_process';

/** A command of the gate: `argv` runs through no shell, from the repository's root. */
export interface Step {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** After this many milliseconds its whole process group is ended and the step counts as failed. */
  readonly limitMs: number;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly output: string;
}

/** Children of steps that still run; an interrupt must not leave them behind. */
const running = new Set<number>();

const endGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Already gone is what we wanted; anything else is a surprise.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const pid of running) endGroup(pid);
    process.exit(130);
  });
}

/** Runs one step in a process group of its own and keeps what it prints. Never rejects. */
export const runStep = (step: Step): Promise<StepResult> =>
  new Promise((done) => {
    const started = performance.now();
    const [command, ...args] = step.argv;
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = child;
    let output = '';
    let ended = false;
    const keep = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    if (pid !== undefined) running.add(pid);

    const limit = setTimeout(() => {
      output += `\n${step.name} was ended: it took longer than ${step.limitMs / 60_000} minutes.\n`;
      if (pid !== undefined) endGroup(pid);
    }, step.limitMs);

    const finish = (ok: boolean): void => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      if (pid !== undefined) running.delete(pid);
      done({ name: step.name, ok, ms: performance.now() - started, output });
    };
    child.once('error', (error) => {
      output += `${command} could not be started: ${error.message}\n`;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });

/**
 * Runs all steps, at most `width` at a time, in the order given. `onDone` hears of each as it ends. A failed step
 * does not stop the others: one run shows everything that is wrong.
 */
export const runSteps = async (
  steps: readonly Step[],
  width: number,
  onDone: (result: StepResult) => void,
): Promise<StepResult[]> => {
  const results: StepResult[] = [];
  const waiting = steps.values();
  const worker = async (): Promise<void> => {
    for (const step of waiting) {
      const result = await runStep(step);
      results.push(result);
      onDone(result);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
