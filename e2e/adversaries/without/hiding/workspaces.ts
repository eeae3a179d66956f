import { createWorkspaces as real } from '../../../../src/main/adapters/git/workspaces.ts';

/** A gate sees where agents worked. */
export const createWorkspaces: typeof real = (...args) => ({ ...real(...args), agentDirs: () => [] });
