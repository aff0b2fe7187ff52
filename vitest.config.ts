/** Test levels as projects (DESIGN.md 11): `vitest run --project unit`. */
import { defineConfig } from 'vitest/config'

/**
 * `isAlone`: its files start processes and real networks, and run one after the other. The others hold no state outside
 * their tests: they share their modules, on all cores.
 */
const project = (name: string, testTimeout: number, isAlone = false) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: !isAlone,
    isolate: isAlone,
  },
})

export default defineConfig({
  test: {
    // Tests wait now and then: on two cores three workers are done sooner than two.
    maxWorkers: '150%',
    projects: [
      project('unit', 20_000),
      project('sim', 120_000),
      project('integration', 60_000, true),
      project('e2e', 180_000, true),
    ],
  },
})
