/**
 * Stands in for the grammars of a second highlighter that the diff library carries and this page never starts: some 500 files
 * that would be built and shipped for nothing.
 */
export const bundledLanguages = {};
export const bundledThemes = {};
