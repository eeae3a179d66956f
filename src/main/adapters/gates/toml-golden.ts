import { z } from 'zod';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { relativePath, text, trimSlashes } from './toml-values.ts';

/** A path below the root in its one plain form, because it is looked up by it. */
const place = relativePath
  .transform(trimSlashes)
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.'), 'must name something')
  // eslint-disable-next-line no-control-regex
  .refine((path) => !/[\u0000-\u001f]/.test(path), 'must not hold control characters');

const Case = z.strictObject({
  name: text.max(100),
  args: z.array(z.string()).max(100).default([]),
  stdin: z.string().max(1_000_000).optional(),
  fixture: place.pipe(z.string().max(1_000)).optional(),
  files: z
    .array(place.pipe(z.string().max(1_000)))
    .max(50)
    .default([]),
  differences: z
    .array(
      z.strictObject({
        field: z
          .string()
          .max(1_100)
          .regex(
            /^(?:stdout|stderr|exit_code|files\/.+)$/,
            'must be stdout, stderr, exit_code or files/<path>',
          ),
        reason: text.max(300),
      }),
    )
    .max(50)
    .default([]),
});

/** Keys that only golden gates have. */
export const goldenKeys = {
  old: z.array(text).min(1).max(99).optional(),
  cases: z.array(Case).min(1).max(50).optional(),
};

type Read = {
  readonly kind: string;
  readonly old?: readonly string[] | undefined;
  readonly cases?: readonly z.infer<typeof Case>[] | undefined;
  readonly parser: string;
  readonly outputs: readonly string[];
};

/** What is wrong between the keys of a gate, as far as golden gates are concerned. */
export function goldenProblem(gate: Read): string | null {
  const { cases, old } = gate;
  if (gate.kind !== 'golden')
    return cases === undefined && old === undefined ? null : 'old and cases belong to kind = "golden".';
  if (cases === undefined) return 'a golden gate needs cases; write each as [[gates.cases]].';
  if (gate.parser !== 'none') return 'a golden gate takes no parser: its cases are its checks.';
  if (gate.outputs.length > 0) return 'outputs belong to a setup; what a case writes is named in its files.';
  for (const [index, one] of cases.entries()) {
    const name = `the case "${one.name}"`;
    if (cases.findIndex((other) => other.name === one.name) < index) return `${name} is there twice.`;
    if (one.fixture === undefined && old === undefined)
      return `${name} has nothing to be compared with; give it a fixture folder, or the gate the command of the old program.`;
    const unseen = one.differences.find(
      ({ field }) =>
        one.fixture === undefined && field.startsWith('files/') && !one.files.includes(field.slice(6)),
    );
    if (unseen !== undefined) return `${name} does not observe ${unseen.field}; add the path to its files.`;
  }
  return null;
}

/** The part of a gate's specification that only golden gates have; nothing of it for others, whose digest it would change. */
export const goldenPart = ({ old, cases }: Read): Pick<GateSpec, 'old' | 'cases'> => ({
  ...(old === undefined ? {} : { old: [...old] }),
  ...(cases === undefined ? {} : { cases: [...cases] }),
});
