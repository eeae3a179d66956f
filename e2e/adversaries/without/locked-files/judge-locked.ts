import type { LockedJudgement } from '../../../../src/main/runtime/verification/judge-locked.ts';

export * from '../../../../src/main/runtime/verification/judge-locked.ts';
export const judgeLocked = (): LockedJudgement => ({ findings: [], needApproval: [] });
