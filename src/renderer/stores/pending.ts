import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Result } from '../../shared/kernel/result.ts';
import type { CommandId } from '../../shared/kernel/ids.ts';
import { RpcError } from '../../shared/rpc/rpc-error.ts';
import type { HostClient, HostConnection } from '../connection.ts';

export type PendingCommand = { readonly since: number; readonly kind: string; readonly subject: string };

export type Pending = {
  /** Commands whose outcome is not known yet. */
  readonly store: StoreApi<ReadonlyMap<CommandId, PendingCommand>>;
  /** An event of this command has arrived: it happened. */
  readonly settle: (commandId: CommandId) => void;
  /**
   * Sends a command until it is answered. After a lost connection the same command id is sent again, which the host
   * answers from its receipt if it had happened.
   */
  readonly send: <O, R>(
    about: { readonly kind: string; readonly subject: string },
    call: (client: HostClient, commandId: CommandId) => Promise<Result<O, R>>,
  ) => Promise<Result<O, R>>;
};

export function createPending(deps: {
  readonly connection: HostConnection;
  readonly newId: () => CommandId;
  readonly now: () => number;
}): Pending {
  const store = createStore<ReadonlyMap<CommandId, PendingCommand>>(() => new Map());
  const never = new AbortController().signal;

  const settle = (commandId: CommandId): void => {
    if (!store.getState().has(commandId)) return;
    const rest = new Map(store.getState());
    rest.delete(commandId);
    store.setState(rest, true);
  };

  return {
    store,
    settle,
    async send(about, call) {
      const commandId = deps.newId();
      store.setState(new Map(store.getState()).set(commandId, { ...about, since: deps.now() }), true);
      try {
        for (;;) {
          const client = await deps.connection.whenLive(never);
          try {
            return await call(client, commandId);
          } catch (cause) {
            if (!(cause instanceof RpcError) || cause.code !== 'disconnected') throw cause;
            await deadClientGone(deps.connection, client);
          }
        }
      } finally {
        settle(commandId);
      }
    },
  };
}

function deadClientGone(connection: HostConnection, client: HostClient): Promise<void> {
  return new Promise((resolve) => {
    if (connection.store.getState().client !== client) return resolve();
    const stop = connection.store.subscribe((state) => {
      if (state.client === client) return;
      stop();
      resolve();
    });
  });
}
