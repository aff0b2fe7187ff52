/** Test levels as projects (DESIGN.md 11): `vitest run --project unit`. */
import { defineConfig } from 'vitest/config'

const project = (name: string, testTimeout: number, fileParallelism = true) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, fileParallelism },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', 20_000),
      project('sim', 120_000),
      project('integration', 60_000, false),
      project('e2e', 180_000, false),
    ],
  },
})
