/** This node's own ATXs: what each builds on, what is refused, and what is announced. */
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import { atxCodec, parseAtx, signAtx } from '../../../src/sync/atx/codec.ts'
import type { Verdict } from '../../../src/sync/intake/types.ts'
import { createPublisher } from '../../../src/sync/publisher.ts'
import type { OwnChain } from '../../../src/sync/service-store.ts'
import type { AtxInfo, AtxRecord } from '../../../src/sync/set/types.ts'

const CHAIN = 'cd'.repeat(32)
const signer = createSigner(Buffer.alloc(32, 5))
const other = createSigner(Buffer.alloc(32, 6))
const INVALID = 'ee'.repeat(32)

/** Of somebody else. */
function signed(previous: string | null = null) {
  const body = Buffer.from(`on ${previous}`)
  const unsigned = { publishEpoch: 4, previous, positioning: previous, baseTickHeight: 0, tickCount: 1, body }
  return signAtx(unsigned, { chainId: CHAIN, signer: other })
}

function setUp(verdict: Verdict = 'inserted') {
  const time = { epoch: 4, verdict }
  const records = new Map<string, AtxInfo>()
  const announced: string[] = []
  const taken: string[] = []
  let own: OwnChain | null = null
  const publisher = createPublisher({
    chainId: CHAIN,
    signer,
    set: {
      record: async (id) => (records.get(id) ?? null) as AtxRecord | null,
      has: (ids) => records.has(Buffer.from(ids).toString('hex')),
    },
    codec: atxCodec,
    intake: {
      async take(arrivals) {
        taken.push(...arrivals.map(({ id }) => id))
        return arrivals.map(({ blob }) => {
          const info = atxCodec.decode(blob)
          if (info === null) return 'malformed'
          if (records.has(info.id)) return 'known'
          if (time.verdict === 'inserted') records.set(info.id, info)
          return time.verdict
        })
      },
      isRejected: (id) => id === INVALID,
    },
    store: {
      ownChain: async () => own,
      async saveOwnChain(chain) {
        own = chain
      },
    },
    now: () => 0,
    epochAt: () => time.epoch,
    announce: (id) => announced.push(id),
  })
  const publish = async (text: string): Promise<AtxInfo> => {
    const { id } = await publisher.publish(Buffer.from(text))
    return records.get(id) as AtxInfo
  }
  return { time, publisher, publish, announced, taken, records }
}

describe('publishing', () => {
  it('each builds on the newest one of an earlier epoch, those of one epoch on the same', async () => {
    const { time, publish } = setUp()
    const [first, second] = await Promise.all([publish('a'), publish('b')])
    expect(first).toMatchObject({ publishEpoch: 4, previous: null, positioning: null, baseTickHeight: 0, tickCount: 1 })
    expect(second).toMatchObject({ publishEpoch: 4, previous: null })
    time.epoch = 6
    const third = await publish('c')
    const fourth = await publish('d')
    expect(third).toMatchObject({ publishEpoch: 6, previous: first.id, positioning: first.id, baseTickHeight: 1 })
    expect(fourth).toMatchObject({ previous: first.id })
    time.epoch = 7
    expect(await publish('e')).toMatchObject({ previous: third.id, baseTickHeight: 2 })
  })

  it('is announced once: what is here already is no news', async () => {
    const { publisher, announced } = setUp()
    const published = await publisher.publish(Buffer.from('x'))
    expect(published.isNew).toBe(true)
    expect(await publisher.publish(Buffer.from('x'))).toEqual({ id: published.id, isNew: false })
    expect(announced).toEqual([published.id])
  })

  it.each<[Verdict, RegExp]>([
    ['waiting', /builds on is not in the set/],
    ['invalid', /breaks a rule/],
    ['early', /of the future/],
    ['full', /try again/],
  ])('%s is refused with what to do, and a refusal does not stop the next', async (verdict, why) => {
    const { time, publisher, announced } = setUp(verdict)
    await expect(publisher.publish(Buffer.from('x'))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(why),
    })
    time.verdict = 'inserted'
    expect(await publisher.publish(Buffer.from('y'))).toMatchObject({ isNew: true })
    expect(announced).toHaveLength(1)
  })

  it('what was signed elsewhere goes in as it is; what is none is malformed', async () => {
    const { publisher, announced } = setUp()
    const { id, blob } = signed()
    expect(await publisher.publishBlob(blob)).toEqual({ id, isNew: true })
    expect(parseAtx(blob)?.info.publisher).toBe(other.publicKey)
    expect(announced).toEqual([id])
    await expect(publisher.publishBlob(Buffer.from('junk'))).rejects.toMatchObject({ code: 'malformed' })
  })

  it('what builds on something that is not here never reaches the intake, which would keep it', async () => {
    const { publisher, announced, taken } = setUp()
    const base = signed()
    const top = signed(base.id)
    await expect(publisher.publishBlob(top.blob)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(base.id),
    })
    expect(taken).toEqual([])
    await publisher.publishBlob(base.blob)
    expect(await publisher.publishBlob(top.blob)).toEqual({ id: top.id, isNew: true })
    expect(announced).toEqual([base.id, top.id])
  })

  it('what builds on something invalid is invalid, and need not be tried again', async () => {
    const { publisher } = setUp('invalid')
    const message = expect.stringMatching(/breaks a rule/)
    await expect(publisher.publishBlob(signed(INVALID).blob)).rejects.toMatchObject({ code: 'refused', message })
  })
})
