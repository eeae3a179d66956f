import { parseFlags, wholeNumber } from '../args.ts';
import type { Config } from '../../host/config.ts';
import { createHostLink } from '../../host/host-link.ts';
import { pathsUnder } from '../../host/paths.ts';
import { serveBrowser } from '../../host/serve-websocket.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { failed } from '../io.ts';

/** The same renderer in a browser: the only TCP listener there is, on loopback, because somebody asked for it. */
export async function serveCommand(args: readonly string[], config: Config, io: Io): Promise<number> {
  const flags = parseFlags(args, { port: { type: 'string' } }, { positionals: 0 });
  const port = wholeNumber('port', flags.text('port'), 0) ?? 0;
  const link = createHostLink(config);
  const standing = await link.stand();
  if (!standing.ok) throw failed(standing.error.message);
  const served = await serveBrowser(
    {
      // A client that cannot be served now is closed and asks again.
      serve: (client) => void link.connect(client).then((done) => (done.ok ? null : client.close())),
      listening: (address) => link.listening(address),
      paths: pathsUnder(config.root),
    },
    { port },
  );
  if (!served.ok) {
    await link.stop();
    throw failed(served.error.message);
  }
  io.out(`${served.value.address}\n`);
  if (!link.isOurs())
    io.err(
      'Another omk drives the goals of this state directory; this page shows them, and takes over when it ends.\n',
    );
  io.err(
    'omk listens on this machine only, for whoever has this address. Stop it with Ctrl+C; goals go on from where they were at the next start.\n',
  );
  await new Promise<void>((resolve) => onInterrupt(resolve));
  await served.value.close();
  await link.stop();
  return 0;
}
