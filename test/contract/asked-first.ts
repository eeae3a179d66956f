import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';

const isolation = await isolationAvailable();

/** Why nothing is done unasked here: what an agent that nothing confines would do is put to the person first. `null` where it is confined. */
export const askedFirst = isolation.use === 'none' ? isolation.note : null;
