import type { GoalId } from '../../shared/kernel/ids.ts';
import { RpcError } from '../../shared/rpc/rpc-error.ts';
import type { Config } from '../host/config.ts';
import { openSession } from './client.ts';
import type { Session } from './client.ts';
import { follow } from './follow.ts';
import type { FollowOptions } from './follow.ts';

/**
 * Follows like `follow`. Where the host was another command that ends meanwhile, goes on with the next one: this process, or
 * whichever was quicker. `session` stays the caller's to close.
 */
export async function followOn(
  config: Config,
  session: Session,
  goalId: GoalId,
  o: Omit<FollowOptions, 'shown'> & { readonly afterVersion: number },
): Promise<number> {
  const shown = { version: o.afterVersion };
  for (let current = session; ; current = await openSession(config, { drive: true })) {
    try {
      return await follow(current.client, goalId, { json: o.json, io: o.io, shown });
    } catch (cause) {
      const lost = cause instanceof RpcError && cause.code === 'disconnected';
      if (!lost || current.here) throw cause;
      o.io.err('The command that drove this goal has ended; it goes on here.\n');
    } finally {
      if (current !== session) await current.close();
    }
  }
}
