#!/usr/bin/env -S node --max-semi-space-size=8
/** The `palaver` command. This file must parse and run on old Node versions: it only checks the version, then loads the rest. */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `palaver: Node ${process.versions.node} is too old, 22.12 or later is needed; run \`npx palaver\` in the project (it brings Node 24) or install a newer Node\n`,
  )
  process.exitCode = 1
} else {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { main } = await import('./cli.ts')
  await main(process.argv.slice(2))
}
