import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import type { Config } from './config.ts';
import type { Host } from './create-host.ts';
import { pipe } from './divert.ts';
import { reachHost } from './reach-host.ts';

/** A standing way to the host of the state directory, through hosts that come and go. */
export type HostLink = {
  /** Has the host serve this client. When the host of another process ends the client is closed; connecting again finds the next one. */
  readonly connect: (client: Transport) => Promise<Result<null, { readonly message: string }>>;
  /** Finds or makes a host now, and again when that of another process ends: goals go on while nobody looks. */
  readonly stand: () => Promise<Result<null, { readonly message: string }>>;
  /** Has our host say that it is served on TCP; that of another process does not say so of itself. */
  readonly listening: (address: string | null) => void;
  /** Whether the host is ours, and ends with us. */
  readonly isOurs: () => boolean;
  /** Stops the host if it is ours. Idempotent. */
  readonly stop: () => Promise<void>;
};

/** `onPhase` hears each finished step of a host's start. */
export function createHostLink(config: Config, onPhase: (done: string) => void = () => {}): HostLink {
  let own: Host | null = null;
  let stopped = false;
  let address: string | null = null;
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
      own.listening(address);
    }
    own.serve(client);
    return ok(null);
  };

  const connectInTurn: HostLink['connect'] = (client) => {
    const connected = queue.then(() => connect(client));
    queue = connected.catch(() => {}); // told to whoever asked
    return connected;
  };

  const stand: HostLink['stand'] = async () => {
    const [near, far] = memoryPair();
    const connected = await connectInTurn(far);
    // Where none can be had now, the next client asks again and is told why.
    if (connected.ok) near.onClose(() => void (stopped ? null : stand()));
    return connected;
  };

  return {
    connect: connectInTurn,
    stand,
    listening(at) {
      address = at;
      own?.listening(at);
    },
    isOurs: () => own !== null,
    async stop() {
      stopped = true;
      await queue;
      await own?.stop();
    },
  };
}
