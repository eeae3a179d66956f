import { z } from 'zod';

/** Who reports single tests, and in which format; `none`: a gate counts by its exit code. */
export const GateParser = z.enum([
  'node-tap',
  'pytest',
  'unittest',
  'vitest-json',
  'jest-json',
  'mocha-json',
  'playwright-json',
  'rspec-json',
  'phpunit-junit',
  'junit-xml',
  'cargo-test',
  'ctest',
  'go-json',
  'none',
]);
export type GateParser = z.infer<typeof GateParser>;
