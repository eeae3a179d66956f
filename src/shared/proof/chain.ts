import { canonicalJson } from '../kernel/json.ts';

/** What the first hash of a goal's log is computed over, so that no log can be passed off as another goal's. */
export const genesisText = (goalId: string): string => `omk goal log 1 ${goalId}`;

/**
 * Text whose SHA-256 (hex) is the hash of an event: the hash before it (for the first event that of `genesisText`), a line feed,
 * and the canonical JSON of the event without its hash. A line of `events.jsonl` is the canonical JSON of the event with it.
 */
export const chainText = (previousHash: string, event: object): string =>
  `${previousHash}\n${canonicalJson(event)}`;
