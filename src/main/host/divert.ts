import { z } from 'zod';
import type { Transport } from '../../shared/rpc/frames.ts';
import { transportEnd } from '../../shared/rpc/transport-end.ts';

/** As much of a frame as says where it belongs. */
const Routed = z.object({ t: z.string(), id: z.number().int().optional(), path: z.string().optional() });
const LAST = new Set(['result', 'end', 'error']);

/**
 * Splits one client's frames: calls of `paths` go to whoever `serveHere` serves, everything else to the transport that is
 * returned, which is to be served by a host. What a window asks of the desktop is answered by the desktop, whichever host it
 * works with.
 */
export function divert(
  client: Transport,
  paths: ReadonlySet<string>,
  serveHere: (transport: Transport) => void,
): Transport {
  const ours = new Set<number>();
  const here = transportEnd({
    post(frame) {
      const routed = Routed.safeParse(frame);
      if (!routed.success || routed.data.t === 'hello') return; // the host greets
      if (LAST.has(routed.data.t) && routed.data.id !== undefined) ours.delete(routed.data.id);
      client.post(frame);
    },
    close: () => client.close(),
  });
  const rest = transportEnd({ post: (frame) => client.post(frame), close: () => client.close() });

  client.onFrame((frame) => {
    const routed = Routed.safeParse(frame);
    const { id, path } = routed.success ? routed.data : {};
    if (id !== undefined && path !== undefined && paths.has(path)) ours.add(id);
    if (id !== undefined && ours.has(id)) here.deliver(frame);
    else rest.deliver(frame);
  });
  client.onClose(() => {
    here.closed();
    rest.closed();
  });
  serveHere(here.transport);
  return rest.transport;
}

/** Joins two ends: what comes out of one goes into the other, and both close together. */
export function pipe(a: Transport, b: Transport): void {
  a.onFrame((frame) => b.post(frame));
  b.onFrame((frame) => a.post(frame));
  a.onClose(() => b.close());
  b.onClose(() => a.close());
}
