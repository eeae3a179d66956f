/** `project files` is everything; otherwise exact paths and folders. Locked and protected paths are judged at verification. */
export function inWriteSet(paths: readonly string[]): (path: string) => boolean {
  if (paths.includes('project files')) return () => true;
  return (path) =>
    paths.some(
      (allowed) => path === allowed || path.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`),
    );
}
