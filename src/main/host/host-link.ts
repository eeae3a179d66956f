import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import type { Config } from './config.ts';
import type { Host } from './create-host.ts';
import { pipe } from './divert.ts';
import { reachHost } from './reach-host.ts';

/** A standing way to the host of the state directory, through hosts that come and go. */
export type HostLink = {
  /** Has the host serve this client. When the host of another process ends the client is closed; connecting again finds the next one. */
  readonly connect: (client: Transport) => Promise<Result<null, { readonly message: string }>>;
  /** Whether the host is ours, and ends with us. */
  readonly isOurs: () => boolean;
  /** Stops the host if it is ours. Idempotent. */
  readonly stop: () => Promise<void>;
};

/** `onPhase` hears each finished step of a host's start. */
export function createHostLink(config: Config, onPhase: (done: string) => void = () => {}): HostLink {
  let own: Host | null = null;
  let stopped = false;
  // One at a time: two that find no host would both make one.
  let queue: Promise<unknown> = Promise.resolve();

  const connect = async (client: Transport): Promise<Result<null, { readonly message: string }>> => {
    if (stopped) return err({ message: 'omk is ending.' });
    if (own === null) {
      const reached = await reachHost(config, { drive: true, onPhase });
      if (!reached.ok) return reached;
      if (reached.value.type === 'there') {
        pipe(client, reached.value.transport);
        return ok(null);
      }
      own = reached.value.host;
    }
    own.serve(client);
    return ok(null);
  };

  return {
    connect(client) {
      const connected = queue.then(() => connect(client));
      queue = connected.catch(() => {}); // told to whoever asked
      return connected;
    },
    isOurs: () => own !== null,
    async stop() {
      stopped = true;
      await queue;
      await own?.stop();
    },
  };
}
