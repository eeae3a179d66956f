import { parseFlags, wholeNumber } from '../args.ts';
import type { Config } from '../../host/config.ts';
import { createHost } from '../../host/create-host.ts';
import { serveBrowser } from '../../host/serve-websocket.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { failed } from '../io.ts';

/** The same renderer in a browser: the only TCP listener there is, on loopback, because somebody asked for it. */
export async function serveCommand(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = parseFlags(args, { port: { type: 'string' } }, { positionals: 0 });
  const port = wholeNumber('port', flags.text('port'), 0) ?? 0;
  const host = await createHost(config, { drive: true });
  if (!host.ok) throw failed(host.error.message);
  const served = await serveBrowser(host.value, { port });
  if (!served.ok) {
    await host.value.stop();
    throw failed(served.error.message);
  }
  io.out(`${served.value.address}\n`);
  io.err(
    'omk listens on this machine only, for whoever has this address. Stop it with Ctrl+C; goals go on from where they were at the next start.\n',
  );
  await new Promise<void>((resolve) => onInterrupt(resolve));
  await served.value.close();
  await host.value.stop();
  return 0;
}
