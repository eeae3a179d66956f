import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'tooling/**/*.test.ts', 'e2e/**/*.test.ts'],
    exclude: ['node_modules/**', 'test/fixtures/**', 'e2e/fixtures/**'],
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
