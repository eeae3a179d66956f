import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineCase } from '../case.ts';
import type { Prepared } from '../case.ts';
import { node } from '../repositories.ts';

const impatient = ({ home }: Prepared): void => {
  mkdirSync(join(home, '.config', 'omk'), { recursive: true });
  writeFileSync(join(home, '.config', 'omk', 'config.toml'), '[timeouts]\nhandshake = "1s"\n');
};

export const theCase = defineCase({
  id: 'F2',
  title: 'hangs when it is greeted',
  honest: false,
  expected: 'failed_infra',
  layers: ['protocol'],
  variants: {
    silent: {
      repository: (p) => node(p),
      agent: () => {},
      process: () => void setInterval(() => {}, 60_000),
      before: impatient,
      right: null,
      check: ({ failures }) =>
        failures.some((code) => code === 'agent.handshake_failed') ? [] : ['the time-out is not recorded'],
    },
  },
});
