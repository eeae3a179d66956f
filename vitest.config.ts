import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'tooling/**/*.test.ts', 'e2e/**/*.test.ts'],
    exclude: ['node_modules/**', 'test/fixtures/**', 'e2e/fixtures/**'],
    environment: 'node',
    pool: 'forks',
    passWithNoTests: true,
    // Real git and real subprocesses on a shared two-core machine: slow is not failed.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Concurrent cases are whole goals: more of them at once only wait for each other.
    maxConcurrency: 2,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
