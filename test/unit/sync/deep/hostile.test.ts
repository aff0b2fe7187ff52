/** S12.3 whatever bytes a peer sends: a typed reaction, never a throw, and no more work, memory or answers than agreed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEEP_LIMITS } from '../../../../src/sync/deep/limits.ts'
import { createRangeReader } from '../../../../src/sync/deep/messages.ts'
import type { Reaction, Reconciler } from '../../../../src/sync/deep/reconciler.ts'
import { createReconciler } from '../../../../src/sync/deep/reconciler.ts'
import { feed, finish, hex, indexOf, namedIds, reconcilerOf, unhex } from '../../../helpers/sync/deep.ts'

const ids = namedIds('own', 0, 500)
const index = indexOf(ids)
const started = (isInitiator: boolean, limits = DEEP_LIMITS): Reconciler => {
  const side = createReconciler({ index, isInitiator, limits })
  if (isInitiator) finish(side.start())
  return side
}
const reasonOf = (reaction: Reaction): string =>
  reaction.type === 'fault' ? reaction.reason : `no fault: ${reaction.type}`
const faultOf = (isInitiator: boolean, ...payloads: string[]): string =>
  reasonOf(feed(started(isInitiator), payloads.map(unhex)))

const wholeFingerprint = `000001${'ab'.repeat(16)}`
const u16 = (value: number) => value.toString(16).padStart(4, '0')
const id = (first: string) => first.padEnd(64, '1')

/** Bytes that are almost messages: pieces of the format with anything in place of each. */
const piece = fc.oneof(
  fc.constantFrom('00', '01', '02', '0000', '0101', '0120', '01ff', `01${'00'.repeat(16)}`, '8000', 'ffffffffffffff7f'),
  fc.uint8Array({ maxLength: 40 }).map(hex),
  fc.constantFrom(...ids),
)
const almost = fc
  .tuple(fc.constantFrom('61', 'e1', '01', '02', '03', '62', ''), fc.array(piece, { maxLength: 40 }))
  .map(([first, pieces]) => unhex(first + pieces.join('')))
const payloads = fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), almost), { minLength: 1, maxLength: 12 })

describe('a hostile peer', () => {
  it.each([true, false])('S12.3 any bytes get a typed reaction (initiator: %s)', (isInitiator) => {
    fc.assert(
      fc.property(payloads, (sent) => {
        const side = started(isInitiator)
        for (const payload of sent) {
          const reaction = finish(side.receive(payload))
          expect(['continue', 'reconciled', 'limit', 'fault']).toContain(reaction.type)
          if (reaction.type !== 'continue') return
        }
      }),
      { numRuns: 300 },
    )
  })

  it('S12.3 a message cut anywhere, or with a byte changed, gets a typed reaction', () => {
    const opening = finish(reconcilerOf(namedIds('own', 10, 520), true).start())
    const message = opening.type === 'continue' ? opening.send[0] : undefined
    const bytes = message ?? new Uint8Array()
    fc.assert(
      fc.property(fc.nat(bytes.byteLength - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice()
        changed[at] = value
        for (const payload of [bytes.subarray(0, at), changed]) {
          expect(['continue', 'limit', 'fault']).toContain(finish(started(false).receive(payload)).type)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['nothing at all', '', 'a payload of kind none'],
    ['an unknown kind', '7f', 'a payload of kind 127'],
    ['another version of Negentropy', '62', 'a payload of kind 98'],
    ['a bound that goes back', '610101800001017f0000', 'bounds that do not ascend'],
    ['a bound twice', '61010180000101800000', 'bounds that do not ascend'],
    ['a range behind the last', '6100000000000000', 'a range beyond the last'],
    ['a range that is empty from the start', '61010000', 'bounds that do not ascend'],
    ['a timestamp', '6102018000', 'a bound that is none'],
    ['an infinite bound with a prefix', '6100018000', 'a bound that is none'],
    ['a prefix longer than an id', `610121${'11'.repeat(33)}00`, 'a bound that is none'],
    ['a varint longer than need be', '6180000000', 'a bound that is none'],
    ['a varint without end', `61${'ff'.repeat(60)}`, 'a bound that is none'],
    ['an unknown mode', '61000003', 'an unknown mode'],
    ['a mode cut short', '610000', 'an unknown mode'],
    ['a fingerprint cut short', '6100000111', 'a fingerprint cut short'],
    ['a list of 2^40 ids', '61000002a08080808000', 'fewer ids than announced'],
    ['a list shorter than announced', `6100000202${id('5')}`, 'fewer ids than announced'],
    ['a list that goes back', `6100000202${id('5')}${id('4')}`, 'ids out of order or out of their range'],
    ['a list with an id twice', `6100000202${id('5')}${id('5')}`, 'ids out of order or out of their range'],
    ['an id above its range', `610101400201${id('5')}`, 'ids out of order or out of their range'],
    ['an id below its range', `610101600000000201${id('5')}`, 'ids out of order or out of their range'],
  ])('S12.3 %s is a fault', (_, payload, reason) => {
    expect(faultOf(false, payload)).toBe(reason)
    expect(faultOf(true, payload)).toBe(reason)
  })

  it('S12.3 a declared length sizes nothing: 2^40 ids, 2^53 - 1 ids', () => {
    for (const count of ['a08080808000', '8fffffffffffff7f']) {
      expect(createRangeReader(unhex(`61000002${count}`)).next()).toEqual({ fault: 'fewer ids than announced' })
    }
  })

  it('S12.3 the messages of one turn may not go back', () => {
    expect(faultOf(true, `e101018001${'00'.repeat(16)}`, `610101400201${id('3')}`)).toBe(
      'ranges that go back within a turn',
    )
  })

  it('S12.3 an end out of turn is a fault', () => {
    expect(faultOf(true, '0200')).toBe('an end out of turn')
    expect(faultOf(false, '0200')).toBe('an end out of turn')
    expect(faultOf(false, `e1${wholeFingerprint}`, '0200')).toBe('an end out of turn')
    expect(faultOf(false, '61', `01${id('5')}`, '61')).toBe('ranges after the end')
    expect(faultOf(false, '0311')).toBe('a limit with a tail')
  })

  it.each([
    ['an id cut short', `0200${id('5')}11`, 'an id cut short'],
    ['ids that go back', `0200${id('5')}${id('4')}`, 'ids out of order'],
    ['a number that is none', '02', 'a number that is none'],
    ['no ids, and more to follow', '01', 'no ids, and more to follow'],
    ['more ids learned than there may be', '02848001', 'more than 65536 ids'],
  ])('S12.3 the initiator ends with %s', (_, payload, reason) => {
    expect(faultOf(false, '61', payload)).toBe(reason)
  })

  it('S12.3 the ids that the initiator ends with ascend over its messages, and are bounded', () => {
    expect(faultOf(false, '61', `01${id('5')}`, `0200${id('5')}`)).toBe('ids out of order')
    const side = started(false, { ...DEEP_LIMITS, maxUnknownIds: 2 })
    expect(reasonOf(feed(side, ['61', `01${id('4')}${id('5')}`, `0200${id('6')}`].map(unhex)))).toBe('more than 2 ids')
  })

  it('S12.3 ids that are here all the same are not learned', () => {
    const own = [...ids].sort().slice(0, 3)
    const end = feed(started(false), ['61', `0200${own.join('')}`].map(unhex))
    expect(end).toMatchObject({ type: 'reconciled', learned: new Uint8Array(0) })
  })

  it('S12.3 a responder that always differs is cut after maxRounds turns', () => {
    const side = started(true)
    let reaction: Reaction = { type: 'continue', send: [] }
    let turns = 0
    for (; reaction.type === 'continue' && turns < 100; turns++) reaction = feed(side, [unhex(`61${wholeFingerprint}`)])
    expect(reaction).toMatchObject({ type: 'limit', send: [unhex('03')] })
    expect(turns).toBe(DEEP_LIMITS.maxRounds)
  })

  it('S12.3 an initiator that never ends is cut after maxRounds turns', () => {
    const side = started(false)
    let reaction: Reaction = { type: 'continue', send: [] }
    let turns = 0
    for (; reaction.type === 'continue' && turns < 100; turns++) reaction = feed(side, [unhex(`61${wholeFingerprint}`)])
    expect(reasonOf(reaction)).toBe('more than 32 turns')
    expect(turns).toBe(DEEP_LIMITS.maxRounds + 1)
  })

  it('S12.3 a peer that sends more than maxBytes is cut, within a turn as well', () => {
    const side = started(false, { ...DEEP_LIMITS, maxBytes: 25 })
    const skips = 'e10101f000'
    expect(
      reasonOf(
        feed(
          side,
          Array.from({ length: 6 }, () => unhex(skips)),
        ),
      ),
    ).toBe('more than 25 bytes')
    const tooLong = new Uint8Array(DEEP_LIMITS.frameBytes + 1)
    expect(reasonOf(feed(started(false), [tooLong]))).toBe('a payload of 65537 bytes')
  })

  it('S12.3 a flood of fingerprints is worked off in short steps, and answered by no more than maxBytes', () => {
    const ranges = Array.from({ length: 3_000 }, (_, i) => `0102${u16(20 * (i + 1))}01${'00'.repeat(16)}`)
    const flood = unhex(`61${ranges.join('')}`)
    const all = indexOf(namedIds('flood', 0, 60_000))
    const react = (maxBytes: number) => {
      const work = { steps: 0 }
      const side = createReconciler({ index: all, isInitiator: false, limits: { ...DEEP_LIMITS, maxBytes } })
      return { reaction: finish(side.receive(flood), work), steps: work.steps }
    }
    const answered = react(DEEP_LIMITS.maxBytes)
    expect(answered.reaction.type).toBe('continue')
    expect(answered.steps).toBeGreaterThan(50)
    const cut = react(200_000)
    expect(cut.reaction).toMatchObject({ type: 'limit', send: [unhex('03')] })
    expect(cut.steps).toBeLessThan(answered.steps / 5)
  })

  it('S1 an id that a peer lists in every turn is learned once, and counts each time', () => {
    const listed = `010180000101c00201${id('a')}`
    const lists = (maxUnknownIds: number): Reaction => {
      const limits = { ...DEEP_LIMITS, maxUnknownIds }
      const side = createReconciler({ index: indexOf([id('f')]), isInitiator: true, limits })
      finish(side.start())
      return feed(side, [unhex(`61${listed}${wholeFingerprint}`), unhex(`61${listed}00000201${id('f')}`)])
    }
    expect(lists(2)).toMatchObject({ type: 'reconciled', learned: unhex(id('a')), given: 0 })
    expect(lists(1)).toMatchObject({ type: 'limit' })
  })

  it('S1 a peer that claims to have nothing makes us gather no more than maxUnknownIds', () => {
    const limits = { ...DEEP_LIMITS, maxUnknownIds: 100 }
    const side = createReconciler({ index: indexOf(namedIds('all', 0, 20_000)), isInitiator: true, limits })
    finish(side.start())
    const work = { steps: 0 }
    expect(finish(side.receive(unhex('6100000200')), work)).toMatchObject({ type: 'limit', send: [unhex('03')] })
    expect(work.steps).toBe(1)
  })

  it('A10 ids that the peer claims and nobody has are learned like others: whether they exist shows when they are fetched', () => {
    const single = createReconciler({ index: indexOf([]), isInitiator: true, limits: DEEP_LIMITS })
    finish(single.start())
    expect(feed(single, [unhex(`6100000201${id('5')}`)])).toMatchObject({ type: 'reconciled', learned: unhex(id('5')) })
  })
})
