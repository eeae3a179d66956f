/** A word in backticks is a path when it has a slash and only the characters of one; a command or type is not. */
const PATH = /^\.?[A-Za-z0-9_@-][\w@.-]*(\/[\w@.-]+)*\/?$/;
const ROOT_FILE = /^[\w.-]+\.(ts|mjs|cjs|json|md|yml)$/;

/** The paths that a Markdown text names in backticks outside fenced blocks, each once, in order of appearance. */
export const namedPaths = (markdown: string): string[] => {
  const prose = markdown.replaceAll(/^```.*?^```/gms, '');
  const quoted = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word ?? '');
  const paths = quoted.filter((word) => (word.includes('/') ? PATH.test(word) : ROOT_FILE.test(word)));
  return [...new Set(paths)];
};
