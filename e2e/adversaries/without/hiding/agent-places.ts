import { movableAgentPlaces as real } from '../../../../src/main/adapters/system/agent-places.ts';

/** Where there are no namespaces, a gate sees where agents worked. */
export const movableAgentPlaces: typeof real = (o) => real({ ...o, foldersOf: () => [] });
