import { defineConfig } from 'vitest/config';

const core = ['src/shared/**/*.test.ts', 'src/main/runtime/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      // The pure core keeps nothing between tests, so its files share a process: half of their time went into starting one each.
      { extends: true, test: { name: 'core', include: core, isolate: false } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: [
            'src/**/*.test.{ts,tsx}',
            'test/**/*.test.ts',
            'tooling/**/*.test.ts',
            'e2e/**/*.test.ts',
          ],
          exclude: ['node_modules/**', 'test/fixtures/**', 'e2e/fixtures/**', ...core],
        },
      },
    ],
    environment: 'node',
    pool: 'forks',
    passWithNoTests: true,
    // Real git and real subprocesses on a shared two-core machine: slow is not failed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Concurrent cases are whole goals: more of them at once only wait for each other.
    maxConcurrency: 2,
    // A shared machine may starve a process for seconds; a failure that is real fails three times.
    retry: process.env['CI'] ? 2 : 0,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
