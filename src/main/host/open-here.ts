import { api } from '../../shared/api/index.ts';
import type { Api } from '../../shared/api/index.ts';
import { ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { connect } from '../../shared/rpc/connect.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import type { Config } from './config.ts';
import { reachHost } from './reach-host.ts';

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
  const reached = await reachHost(config, o);
  if (!reached.ok) return reached;
  if (reached.value.type === 'there') {
    const connection = connect(api, reached.value.transport);
    await connection.ready;
    return ok({ client: connection.client, here: false, close: async () => connection.close() });
  }
  const { host } = reached.value;
  const [near, far] = memoryPair();
  host.serve(far);
  const connection = connect(api, near);
  await connection.ready;
  return ok({
    client: connection.client,
    here: true,
    async close() {
      connection.close();
      await host.stop();
    },
  });
}
