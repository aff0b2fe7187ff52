/** The intake machine against anything (DESIGN.md 4): it never throws, its books agree, and each blob is settled once. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { MAX_CANDIDATES } from '../../../../src/sync/intake/bounds.ts'
import { createIntakeState, intakeStep } from '../../../../src/sync/intake/machine.ts'
import type { Arrived, IntakeEffect, IntakeInput, IntakeState } from '../../../../src/sync/intake/state.ts'

const id = fc.nat(12).map((index) => `id${index}`)
const turn = fc.oneof(
  fc.record({
    arrivals: fc.array(
      fc.record({
        id,
        from: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', null),
        bytes: fc.nat(1_000),
        dependencies: fc.uniqueArray(id, { maxLength: 2 }),
        isDoomed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  }),
  fc.record({
    verdict: fc.constantFrom('valid', 'valid', 'valid', 'invalid', 'bad-signature', 'early'),
    pick: fc.nat(),
  }),
  fc.record({ inserts: fc.constant(true) }),
)
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never

/** Plays the service: a set, checks under way, one write at a time. */
class Service {
  readonly state: IntakeState = createIntakeState()
  readonly inSet = new Set<string>()
  readonly rejected = new Set<string>()
  readonly open = new Map<number, string>()
  readonly settled = new Set<number>()
  checks: { id: string; key: number }[][] = []
  write: readonly { id: string; key: number }[] = []
  #nextKey = 0

  play(each: Turn): void {
    if ('arrivals' in each) return this.#arrive(each.arrivals)
    if ('inserts' in each) return this.#insert()
    const [items] = this.checks.splice(each.pick % Math.max(1, this.checks.length), 1)
    if (items !== undefined) {
      this.#feed({ type: 'checked', results: items.map((item) => ({ ...item, verdict: each.verdict as 'valid' })) })
    }
  }

  #arrive(arrivals: readonly Omit<Arrived, 'key' | 'absent'>[]): void {
    const fresh = arrivals.filter((each) => !this.inSet.has(each.id) && !this.rejected.has(each.id))
    this.#feed({
      type: 'arrived',
      arrivals: fresh.map((each) => {
        const key = this.#nextKey++
        this.open.set(key, each.id)
        const known = this.state.pending.get(each.id)?.dependencies ?? each.dependencies
        return { ...each, key, dependencies: known, absent: known.filter((dependency) => !this.inSet.has(dependency)) }
      }),
    })
  }

  #insert(): void {
    if (this.write.length === 0) return
    for (const { id: inserted } of this.write) this.inSet.add(inserted)
    this.write = []
    this.#feed({ type: 'inserted' })
  }

  #feed(input: IntakeInput): void {
    for (const effect of intakeStep(this.state, input)) this.#carryOut(effect)
  }

  #carryOut(effect: IntakeEffect): void {
    if (effect.type === 'check') this.checks.push([...effect.items])
    if (effect.type === 'reject') for (const each of effect.ids) this.rejected.add(each)
    if (effect.type === 'insert') {
      expect(this.write).toEqual([])
      this.write = effect.items
    }
    if (effect.type !== 'settle') return
    expect(this.open.delete(effect.key)).toBe(true)
    expect(this.settled.has(effect.key)).toBe(false)
    this.settled.add(effect.key)
    expect(effect.verdict === 'inserted').toBe(this.inSet.has(effect.id) && effect.verdict !== 'known')
  }

  check(): void {
    let blobs = 0
    let bytes = 0
    for (const entry of this.state.pending.values()) {
      expect(entry.candidates.length).toBeGreaterThan(0)
      expect(entry.candidates.length).toBeLessThanOrEqual(MAX_CANDIDATES)
      expect(entry.missing.size > 0).toBe(entry.phase === 'parked')
      for (const missed of entry.missing) {
        expect(this.inSet.has(missed)).toBe(false)
        expect(this.state.dependants.get(missed)?.has(entry.id)).toBe(true)
      }
      if (entry.phase !== 'parked' || !entry.isWaiting) continue
      blobs += entry.candidates.length
      for (const candidate of entry.candidates) bytes += candidate.bytes
    }
    expect([this.state.waitingBlobs, this.state.waitingBytes]).toEqual([blobs, bytes])
    const held = [...this.state.pending.values()].flatMap(({ candidates }) => candidates.map(({ key }) => key))
    expect(held.sort()).toEqual([...this.open.keys()].sort())
    for (const waiters of this.state.dependants.values())
      for (const each of waiters) expect(this.state.pending.has(each)).toBe(true)
  }
}

it('whatever comes in, its books agree after every input and each blob is settled once', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
      const service = new Service()
      for (const each of turns) {
        service.play(each)
        service.check()
      }
    }),
    { numRuns: 500 },
  )
})

it('when every check and write is answered, whoever still waits misses something that is not here', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
      const service = new Service()
      for (const each of turns) service.play(each)
      while (service.checks.length > 0 || service.write.length > 0) {
        service.play({ verdict: 'valid', pick: 0 })
        service.play({ inserts: true })
      }
      for (const entry of service.state.pending.values()) {
        expect(entry.isWaiting).toBe(true)
        expect(entry.missing.size).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300 },
  )
})
