/** The host alone, under plain Node: no window, no TCP; it listens on the operator socket until it is told to end. */
import { readConfig } from './config.ts';
import { writeCrashFile } from './crash-file.ts';
import { createHost } from './create-host.ts';

const fail = (message: string, code: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const config = readConfig();
if (!config.ok) fail(config.error.message, 2);
else {
  const host = await createHost(config.value, { drive: true });
  if (!host.ok) fail(host.error.message, 1);
  else {
    const { log, paths } = host.value;
    const end = (code: number): void => {
      host.value.stop().then(
        () => process.exit(code),
        (cause: unknown) => fail(String(cause), 1),
      );
    };
    // Only bugs arrive here. The state is on disk; going on with a broken invariant could only harm it.
    process.on('uncaughtException', (cause) => {
      const file = writeCrashFile(paths.logs, 'host', cause, new Date());
      log.error('The host met a state it holds to be impossible and ends.', { file, cause: String(cause) });
      end(70);
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0));
    process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  }
}
