/** S12.3 conversations recorded with Negentropy's reference implementation: we understand it and it understands us. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  feed,
  finish,
  hex,
  indexOf,
  missing,
  namedIds,
  reconcilerOf,
  unhex,
  unpack,
} from '../../../helpers/sync/deep.ts'

type Conversation = { readonly initiator: readonly string[]; readonly responder: readonly string[] }
type Recorded = {
  readonly name: string
  readonly initiator: readonly (readonly [number, number])[]
  readonly responder: readonly (readonly [number, number])[]
  /** The reference's own bound on a message; ours would be split otherwise. */
  readonly limit?: number
  readonly reference: Conversation
  readonly ours: Conversation
}

const file = new URL('../../../vectors/negentropy.json', import.meta.url)
const { cases }: { readonly cases: readonly Recorded[] } = JSON.parse(readFileSync(file, 'utf8'))
const idsOf = (ranges: Recorded['initiator']) => ranges.flatMap(([from, to]) => namedIds('neg', from, to))

describe('the reference implementation of Negentropy, version 1', () => {
  it.each(cases.filter(({ limit }) => limit === undefined))('S12.3 gets its own answers from us: $name', (recorded) => {
    const responder = reconcilerOf(idsOf(recorded.responder), false)
    const answers = recorded.reference.initiator.map((message) => feed(responder, [unhex(message)]))
    expect(answers.map((answer) => (answer.type === 'continue' ? answer.send.map(hex) : answer))).toEqual(
      recorded.reference.responder.map((message) => [message]),
    )
  })

  it.each(cases)('S12.3 answers us so that we learn both differences: $name', (recorded) => {
    const [own, theirs] = [idsOf(recorded.initiator), idsOf(recorded.responder)]
    const initiator = reconcilerOf(own, true)
    let reaction = finish(initiator.start())
    recorded.ours.responder.forEach((answer, turn) => {
      expect(reaction).toEqual({ type: 'continue', send: [unhex(recorded.ours.initiator[turn] ?? '')] })
      reaction = feed(initiator, [unhex(answer)])
    })
    expect(reaction).toMatchObject({ type: 'reconciled', given: missing(theirs, own).length })
    expect(reaction.type === 'reconciled' && unpack(reaction.learned)).toEqual(missing(own, theirs))
  })
})

describe('messages of our own', () => {
  const [a = '', b = '', c = ''] = namedIds('neg', 0, 3).sort()
  const fingerprint = (ids: readonly string[]) => hex(indexOf(ids).fingerprint(0, ids.length))

  it('S12.3 golden: three ids against two', () => {
    const initiator = reconcilerOf([a, b], true)
    const responder = reconcilerOf([b, c], false)
    const opening = finish(initiator.start())
    const halves = `0101${b.slice(0, 2)}01${fingerprint([a])}000001${fingerprint([b])}`
    expect(opening).toEqual({ type: 'continue', send: [unhex(`61${halves}`)] })
    const answer = feed(responder, opening.type === 'continue' ? opening.send : [])
    expect(answer).toEqual({
      type: 'continue',
      send: [unhex(`610101${b.slice(0, 2)}020000000202${b}${c}`)],
    })
    const end = feed(initiator, answer.type === 'continue' ? answer.send : [])
    expect(end).toEqual({
      type: 'reconciled',
      send: [unhex(`0201${a}`)],
      learned: unhex(c),
      given: 1,
      lacked: unhex(a),
    })
    expect(feed(responder, end.type === 'reconciled' ? end.send : [])).toEqual({
      type: 'reconciled',
      send: [],
      learned: unhex(a),
      given: 1,
      // One of the two that it listed, by the initiator's word.
      lacked: unhex(b + c),
    })
  })

  it('S12.3 golden: a turn of several messages, each but the last with 0xe1', () => {
    const ids = namedIds('neg', 0, 12).sort()
    const responder = reconcilerOf(ids, false, { frameBytes: 256 })
    const answer = feed(responder, [unhex('6100000200')])
    const sent = answer.type === 'continue' ? answer.send.map(hex) : []
    expect(sent.map((payload) => payload.slice(0, 2))).toEqual(['e1', 'e1', '61'])
    expect(sent[0]).toBe(`e10101${prefix(ids, 5)}0205${ids.slice(0, 5).join('')}`)
    expect(sent[1]).toBe(`e10101${prefix(ids, 5)}000101${prefix(ids, 10)}0205${ids.slice(5, 10).join('')}`)
    expect(sent[2]).toBe(`610101${prefix(ids, 10)}0000000202${ids.slice(10).join('')}`)
  })

  it('S12.3 golden: the limit', () => {
    const responder = reconcilerOf(namedIds('neg', 0, 10), false, { maxUnknownIds: 9 })
    expect(feed(responder, [unhex('6100000200')])).toMatchObject({ type: 'limit', send: [unhex('03')] })
  })

  const prefix = (ids: readonly string[], position: number) => ids[position]?.slice(0, 2) ?? ''
})
