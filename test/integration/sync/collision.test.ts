/** A11: the 258-id XOR collision of spec/sync.md 3.6, on whole services whose ATXs have given ids. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AtxPlugins } from '../../../src/sync/holdings.ts'
import type { AtxInfo } from '../../../src/sync/set/types.ts'
import type { TestAtx } from '../../helpers/sync/atx-blobs.ts'
import { blames, connect, createWorld, equal, session, type WorldNode } from '../../helpers/sync/atx-world.ts'

const A = `0 2 4 7 10 11 14 15 21 22 23 24 25 26 27 29 30 33 34 35 36 37 41 43 44 49 50 54 56 58 60 61 62 63 67 68 69 73 76 79
80 82 83 86 87 88 89 91 95 96 97 98 99 100 102 106 107 109 112 113 114 115 116 118 121`
const B = `122 123 125 127 130 131 133 135 136 139 145 148 150 151 154 155 162 165 169 171 173 175 176 178 179 182 185 186 188
193 195 198 199 201 205 208 210 211 212 213 214 215 217 220 221 222 224 225 226 228 230 232 233 234 235 236 238 241 246
247 249 253 254 255 256`

/** An ATX whose id is the hash of its name, as the spec's vectors have them. */
function infoOf(blob: Uint8Array): AtxInfo {
  const id = createHash('sha256').update(blob).digest('hex')
  return { id, publisher: id, publishEpoch: 0, baseTickHeight: 0, tickCount: 1, previous: null, positioning: null }
}
const named = (name: string): TestAtx => {
  const info = infoOf(Buffer.from(name))
  return { id: info.id, blob: Buffer.from(name), info }
}
const forged = (numbers: string): TestAtx[] => numbers.split(/\s+/).map((i) => named(`forge-${i}`))
const shared = Array.from({ length: 40 }, (_, i) => named(`shared-${i}`))

async function split(suite: AtxPlugins['suite']): Promise<[WorldNode, WorldNode]> {
  const plugins: AtxPlugins = {
    codec: { decode: infoOf },
    validator: { validate: async () => ({ verdict: 'valid' }) },
    ...(suite === undefined ? {} : { suite }),
  }
  const world = createWorld()
  const [alice, bob] = [await world.node('alice', { plugins }), await world.node('bob', { plugins })]
  await world.fill([
    [alice, [[...shared, ...forged(A)], []]],
    [bob, [[...shared, ...forged(B)], []]],
  ])
  connect(alice, bob)
  return [alice, bob]
}

describe('A11 an XOR collision split between two nodes', () => {
  it('suite 1 takes their sets for the same: step 1 ends the session, and neither gets what it lacks', async () => {
    const [alice, bob] = await split('xor')
    expect(alice.service.set.heads().total).toEqual(bob.service.set.heads().total)
    const isSame = { kind: 'fast-equal', isUnsettled: false, isOpenDifferent: false }
    expect(await session(alice, bob)).toMatchObject([isSame, isSame])
    expect([alice, bob].map(({ service }) => service.set.count)).toEqual([105, 105])
  })

  it('suite 2 tells them apart, and the session repairs both', async () => {
    const [alice, bob] = await split(undefined)
    expect(alice.service.set.heads().total.xor).toEqual(bob.service.set.heads().total.xor)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, gained: 65 } },
      { kind: 'agreed', figures: { rounds: 2, gained: 65 } },
    ])
    await equal(40 + 65 + 65, alice, bob)
    expect([...blames(alice), ...blames(bob)]).toEqual([])
  })
})
