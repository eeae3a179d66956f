import { ok } from '../../../../src/shared/kernel/result.ts';

export * from '../../../../src/main/adapters/gates/canary-for.ts';

export const canaryFor = async (): Promise<unknown> => ok(null);
