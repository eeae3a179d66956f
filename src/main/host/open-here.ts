import { api } from '../../shared/api/index.ts';
import type { Api } from '../../shared/api/index.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { connect } from '../../shared/rpc/connect.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { attach } from './attach.ts';
import type { Config } from './config.ts';
import { createHost } from './create-host.ts';
import { pathsUnder } from './paths.ts';

/** How often a host that is just starting or stopping is asked again. */
const TRIES = 20;
const PAUSE_MS = 250;

/** A client of the one host of the state directory: attached to it where it lives, made here where none does. */
export async function openHere(
  config: Config,
  o: { readonly drive: boolean },
): Promise<
  Result<
    { readonly client: Client<Api>; readonly here: boolean; readonly close: () => Promise<void> },
    { readonly message: string }
  >
> {
  const paths = pathsUnder(config.root);
  let message = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const attached = await attach(paths.socket);
    if (attached.type === 'refused') return err({ message: attached.message });
    if (attached.type === 'attached') {
      const { connection } = attached;
      await connection.ready;
      return ok({ client: connection.client, here: false, close: async () => connection.close() });
    }
    const host = await createHost(config, { drive: o.drive, pickFolder: null });
    if (host.ok) {
      const [near, far] = memoryPair();
      host.value.serve(far);
      const connection = connect(api, near);
      await connection.ready;
      return ok({
        client: connection.client,
        here: true,
        close: async () => {
          connection.close();
          await host.value.stop();
        },
      });
    }
    if (host.error.code !== 'host.already_running') return err(host.error);
    message = host.error.message;
    // It holds the lock but does not listen yet (or any more).
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return err({ message });
}
