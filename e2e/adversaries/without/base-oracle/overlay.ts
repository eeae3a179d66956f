import type { Overlay } from '../../../../src/main/adapters/gates/overlay.ts';

export * from '../../../../src/main/adapters/gates/overlay.ts';
/** Whatever the change brings stays as it is. */
export const baseOverlay = async (): Promise<Overlay> => ({
  files: new Map(),
  remove: [],
  expected: new Map(),
  unrestorable: [],
});
