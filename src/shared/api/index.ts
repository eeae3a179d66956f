import { defineContract } from '../rpc/contract.ts';
import { agentsApi, appApi } from './agents.ts';
import { goalsApi } from './goals.ts';
import { projectsApi } from './projects.ts';
import { proofsApi } from './proofs.ts';

/** Everything that crosses the bridge, as values. */
export const api = defineContract({
  app: appApi,
  goals: goalsApi,
  proofs: proofsApi,
  projects: projectsApi,
  agents: agentsApi,
});
export type Api = typeof api;
