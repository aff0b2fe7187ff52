/** Who may import whom, and what the pure parts may touch (DESIGN.md 3): checked on every source file. */
import { describe, expect, it } from 'vitest'
import { importsOf, sourceFiles } from './sources.ts'

const CONCERNS = ['pala', 'fab', 'ledger', 'sync', 'attest', 'group']
const files = sourceFiles(['src', 'bin', 'testnet'])
const pathsOf = (prefix: string) => files.filter((file) => file.path.startsWith(prefix))

/** Imports of `path` as repository paths (`src/...`) or package names. */
function violations(prefix: string, isAllowed: (target: string) => boolean): string[] {
  return pathsOf(prefix).flatMap((file) =>
    importsOf(file)
      .filter((target) => !isAllowed(target))
      .map((target) => `${file.path} imports ${target}`),
  )
}

const isLibp2p = (target: string) => /^(libp2p|@libp2p\/|@chainsafe\/libp2p|@multiformats\/)/.test(target)
const inside = (target: string, folders: readonly string[]) => folders.some((f) => target.startsWith(`src/${f}`))

describe('house rules: imports', () => {
  it('sees every source file', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  it('domain, errors and assert import nothing', () => {
    expect(
      ['src/domain.ts', 'src/errors.ts', 'src/assert.ts'].flatMap((path) => violations(path, () => false)),
    ).toEqual([])
  })

  it.each(['machine', 'crypto'])('%s imports only the ground and packages', (folder) => {
    const ground = [`${folder}/`, 'domain.ts', 'errors.ts', 'assert.ts']
    expect(violations(`src/${folder}/`, (t) => !t.startsWith('src/') || inside(t, ground))).toEqual([])
  })

  it('protocols knows no concern', () => {
    const above = [...CONCERNS.map((c) => `${c}/`), 'node/', 'client/']
    expect(
      violations('src/protocols/', (t) => !inside(t, above) && !t.startsWith('bin/') && !t.startsWith('testnet/')),
    ).toEqual([])
  })

  it.each(CONCERNS)('%s imports no sibling, no node, no client', (concern) => {
    const others = [...CONCERNS.filter((c) => c !== concern).map((c) => `${c}/`), 'node/', 'client/']
    expect(violations(`src/${concern}/`, (t) => !inside(t, others))).toEqual([])
  })

  it('only protocols and node import libp2p', () => {
    const elsewhere = files.filter((f) => !/^src\/(protocols|node)\//.test(f.path) && !f.path.startsWith('test/'))
    const found = elsewhere.flatMap((f) =>
      importsOf(f)
        .filter(isLibp2p)
        .map((t) => `${f.path} imports ${t}`),
    )
    expect(found).toEqual([])
  })

  it('testnet talks to nodes through the client only', () => {
    const node = (t: string) =>
      t.startsWith('src/node/') && !/src\/node\/(genesis|home|keystore|config|errors|process-identity)/.test(t)
    const concern = (t: string) =>
      inside(
        t,
        CONCERNS.map((c) => `${c}/`).filter((c) => c !== 'ledger/'),
      )
    expect(violations('testnet/', (t) => !node(t) && !concern(t))).toEqual([])
  })

  it('pure parts import neither I/O nor crypto', () => {
    const pure = files.filter((f) =>
      CONCERNS.some((c) => new RegExp(`^src/${c}/(types|machine|rules/.*)\\.ts$`).test(f.path)),
    )
    expect(pure.length).toBeGreaterThan(5)
    const impure = (t: string) =>
      t.startsWith('node:') ||
      t.startsWith('src/crypto/') ||
      !t.startsWith('src/') ||
      /(service|store|codec|ports)\.ts$/.test(t)
    expect(
      pure.flatMap((f) =>
        importsOf(f)
          .filter(impure)
          .map((t) => `${f.path} imports ${t}`),
      ),
    ).toEqual([])
  })

  it('only machine/clock.ts reads time', () => {
    const readers = pathsOf('src/').filter(
      (f) => f.path !== 'src/machine/clock.ts' && !f.path.startsWith('src/client/'),
    )
    const found = readers.filter((f) => /\b(Date\.now|performance\.now|process\.hrtime|new Date\(\))/.test(f.code))
    expect(found.map((f) => f.path)).toEqual([])
  })

  it('only node/config.ts reads the environment', () => {
    const found = pathsOf('src/').filter((f) => f.path !== 'src/node/config.ts' && /process\.env/.test(f.code))
    expect(found.map((f) => f.path)).toEqual([])
  })

  it('only node and *store.ts files touch disk', () => {
    const touches = (t: string) => /^(node:)?fs(\/promises)?$/.test(t)
    const found = pathsOf('src/').filter((f) => !f.path.startsWith('src/node/') && !/store\.ts$/.test(f.path))
    expect(found.filter((f) => importsOf(f).some(touches)).map((f) => f.path)).toEqual([])
  })

  it('the verifier runs in a browser and depends on no part of the node', () => {
    const own = ['verify/', 'genesis/', 'domain.ts', 'errors.ts', 'assert.ts']
    const pure = [
      'crypto/usable-key.ts',
      'pala/committee.ts',
      'pala/header.ts',
      'pala/plan-rules.ts',
      'pala/signer-bitmap.ts',
      'pala/sn.ts',
    ]
    const shared = [...own, ...pure, 'ledger/state-proof.ts', 'protocols/committee-plan.ts', 'protocols/wire/']
    const packages = /^(@noble\/|uint8arrays\/|zod$)/
    const isAllowed = (t: string) => inside(t, shared) || packages.test(t)
    expect(pathsOf('src/verify/').length).toBeGreaterThan(5)
    const files = ['src/verify/', 'src/genesis/', ...shared.slice(own.length).map((path) => `src/${path}`)]
    expect(files.flatMap((path) => violations(path, isAllowed))).toEqual([])
    const bare = files.flatMap(pathsOf).filter(({ code }) => /\b(Buffer|process)\b/.test(code))
    expect(bare.map(({ path }) => path)).toEqual([])
  })

  it('the client runs in a browser: no node modules', () => {
    expect(violations('src/client/', (t) => !t.startsWith('node:'))).toEqual([])
  })
})
