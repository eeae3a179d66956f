import { closeSync, openSync, writeSync } from 'node:fs';
import type { Driven } from '../case.ts';
import { defineCase } from '../case.ts';
import type { Hands } from '../hands.ts';
import { node } from '../repositories.ts';
import type { Seen } from '../seen.ts';
import { tinyState } from '../tiny-state.ts';

/** Writes until not a block is left. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  for (let size = 1024 * 1024; size > 256;) {
    try {
      writeSync(file, Buffer.alloc(size, 7));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
}

/** The goal on a disk that its agent fills; then the log is read again once there is space. */
async function onTinyDisk({ state, args, omk }: Driven): Promise<void> {
  const disk = await tinyState(state, '96m');
  try {
    await omk(args, { enter: disk.enter });
    await omk(['goal', 'status', 'latest', '--json'], {
      enter: [...disk.enter, 'sh', '-c', 'find "$OMK_HOME/work" -name "ballast*" -delete; exec "$0" "$@"'],
    });
  } finally {
    await disk.end();
  }
}

const intact = ({ commands, failures }: Seen): readonly string[] => {
  const read = commands.at(-1);
  return [
    ...(read?.code === 0 ? [] : [`afterwards the log cannot be read: ${read?.stderr ?? ''}`]),
    ...(failures.some((code) => code.includes('disk') || code.includes('space'))
      ? []
      : [`nothing names the disk: ${failures.join(', ')}`]),
  ];
};

export const theCase = defineCase({
  id: 'E7',
  title: 'fills the disk',
  honest: false,
  expected: 'failed_infra',
  layers: [],
  variants: {
    'and-stays': {
      repository: (p) => node(p),
      agent: ({ fix }: Hands) => {
        fix();
        fill('ballast');
      },
      needs: ['namespaces'],
      drive: onTinyDisk,
      check: intact,
      right: null,
    },
  },
});
