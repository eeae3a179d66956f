import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { attachTransport } from './attach.ts';
import type { Config } from './config.ts';
import { createHost } from './create-host.ts';
import type { Host } from './create-host.ts';
import { pathsUnder } from './paths.ts';

/** How often a host that is just starting or stopping is asked again. */
const TRIES = 20;
const PAUSE_MS = 250;

/** The one host of a state directory: made by us, or somebody else's with a connection to it. */
export type Reached =
  { readonly type: 'here'; readonly host: Host } | { readonly type: 'there'; readonly transport: Transport };

/** Attaches to the host of the state directory where one lives, makes it here where none does. */
export async function reachHost(
  config: Config,
  o: { readonly drive: boolean; readonly onPhase?: (done: string) => void },
): Promise<Result<Reached, { readonly message: string }>> {
  const paths = pathsUnder(config.root);
  let message = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const attached = await attachTransport(paths.socket);
    if (attached.type === 'refused') return err({ message: attached.message });
    if (attached.type === 'attached') return ok({ type: 'there', transport: attached.transport });
    const host = await createHost(config, { drive: o.drive, ...(o.onPhase ? { onPhase: o.onPhase } : {}) });
    if (host.ok) return ok({ type: 'here', host: host.value });
    if (host.error.code !== 'host.already_running') return err(host.error);
    message = host.error.message;
    // It holds the lock but does not listen yet (or any more).
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return err({ message });
}
