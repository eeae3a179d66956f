import type { Result } from '../../../../src/shared/kernel/result.ts';
import { ok } from '../../../../src/shared/kernel/result.ts';

export const runWholeCanary = async (): Promise<Result<null, never>> => ok(null);
