import { defineConfig } from 'vitest/config'

/** What needs a real broker; much of it waits for the broker, so it runs beside the unit tests. */
const broker = ['eventlog/src/kafka/**/*.test.ts', 'tests/src/cluster.test.ts', 'tests/src/register-kafka.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['*/src/**/*.test.{ts,tsx}'],
          exclude: ['tests/**', '**/node_modules/**', ...broker],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      { test: { name: 'kafka', include: broker, testTimeout: 120_000, hookTimeout: 600_000, fileParallelism: false } },
      {
        test: {
          name: 'integration',
          include: ['tests/src/**/*.test.ts'],
          exclude: ['tests/src/browser/**', 'tests/src/faults/**', ...broker],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'browser', include: ['tests/src/browser/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false } },
      { test: { name: 'faults', include: ['tests/src/faults/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 180_000, fileParallelism: false } },
    ],
  },
})
