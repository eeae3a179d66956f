export const findInlineChanges = (): [] => [];
