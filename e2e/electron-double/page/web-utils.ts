/**
 * `webUtils`: the path of a File that came in by a real drop. A page cannot read paths, so the dropper announces them
 * (`expectDrop`) and the drop itself, which no script can forge, ties them to the files that arrive.
 */
export function createWebUtils(): {
  webUtils: object;
  announce: (files: readonly { name: string; path: string }[]) => void;
} {
  const keyOf = (file: File): string => JSON.stringify([file.name, file.size, file.lastModified, file.type]);
  const paths = new Map<string, string>();
  let expected: readonly { name: string; path: string }[] = [];
  addEventListener(
    'drop',
    (event) => {
      if (!event.isTrusted) return;
      for (const file of event.dataTransfer?.files ?? []) {
        const match = expected.find((candidate) => candidate.name === file.name);
        if (match !== undefined) paths.set(keyOf(file), match.path);
      }
      expected = [];
    },
    { capture: true },
  );
  return {
    announce(files) {
      expected = files;
    },
    webUtils: {
      getPathForFile(file: unknown): string {
        if (!(file instanceof File))
          throw new TypeError('getPathForFile expected to receive a File object but one was not provided');
        return paths.get(keyOf(file)) ?? '';
      },
    },
  };
}
