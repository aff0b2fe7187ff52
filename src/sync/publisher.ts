/**
 * This node's own ATXs: each builds on its newest one of an earlier epoch, signed, judged like anybody's and inserted
 * before the network hears of it.
 */
import type { Signer } from '../crypto/keys.ts'
import type { Hash, Millis } from '../domain.ts'
import { signAtx } from './atx/codec.ts'
import { SyncError } from './errors.ts'
import { dependenciesOf } from './intake/intake.ts'
import type { Intake, Verdict } from './intake/types.ts'
import type { AtxCodec } from './ports.ts'
import type { OwnChain, ServiceStore } from './service-store.ts'
import type { AtxInfo, AtxSet } from './set/types.ts'

/** Ticks of one of our own ATXs: this network proves no elapsed time. */
const OWN_TICKS = 1

export type PublisherOptions = {
  readonly chainId: Hash
  readonly signer: Signer
  readonly set: Pick<AtxSet, 'record' | 'has'>
  readonly codec: AtxCodec
  readonly intake: Intake
  readonly store: Pick<ServiceStore, 'ownChain' | 'saveOwnChain'>
  readonly now: () => Millis
  readonly epochAt: (instant: Millis) => number
  readonly announce: (id: Hash, blob: Uint8Array) => void
}

export type Published = { readonly id: Hash; readonly isNew: boolean }

export interface Publisher {
  /** Signs and publishes an ATX with this body. Rejects with `SyncError` 'refused'. */
  publish(body: Uint8Array): Promise<Published>
  /**
   * Publishes an ATX that was signed elsewhere. Rejects with `SyncError` 'malformed', or 'refused': then nothing of it is
   * kept, also where only what it builds on is missing.
   */
  publishBlob(blob: Uint8Array): Promise<Published>
}

/** What the intake says of an ATX that is not to be published, in words. */
const REFUSALS: Partial<Record<Verdict, string>> = {
  waiting: 'what it builds on is not in the set: publish that first, then this again',
  'bad-signature': 'its signature is wrong',
  'too-big': 'it is larger than an ATX may be',
  malformed: 'it is not the encoding of an ATX',
  invalid: 'it breaks a rule of ATXs: look at its epoch, its ticks and what it builds on',
  early: "it is of the future by this node's clock",
  full: 'too many ATXs wait for what they build on: try again',
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { chainId, signer, set, codec, intake, store, now, epochAt, announce } = options
  /** Publications one after the other: each builds on the one before. */
  let turn: Promise<unknown> = Promise.resolve()

  async function take(id: Hash, blob: Uint8Array): Promise<Published> {
    const arrival = { id, blob, receivedAt: now(), source: 'local' as const, from: null }
    const [verdict = 'full'] = await intake.take([arrival])
    const why = REFUSALS[verdict]
    if (why !== undefined) throw refusal(why)
    if (verdict === 'inserted') announce(id, blob)
    return { id, isNew: verdict === 'inserted' }
  }

  /** An ATX that `info` builds on and that may still come. The intake would wait for it, beyond the answer and not beyond a restart. */
  function missingOf(info: AtxInfo): Hash | undefined {
    return dependenciesOf(info).find((id) => !set.has(Buffer.from(id, 'hex')) && !intake.isRejected(id))
  }

  /** The ATX that the next one of `epoch` builds on. */
  async function baseFor(epoch: number, own: OwnChain | null): Promise<AtxInfo | null> {
    const id = own === null ? null : own.epoch < epoch ? own.first : own.before
    return id === null ? null : set.record(id)
  }

  async function publish(body: Uint8Array): Promise<Published> {
    const epoch = epochAt(now())
    const own = await store.ownChain()
    const base = await baseFor(epoch, own)
    const previous = base?.id ?? null
    const { id, blob } = signAtx(
      {
        publishEpoch: epoch,
        previous,
        positioning: previous,
        baseTickHeight: base === null ? 0 : base.baseTickHeight + base.tickCount,
        tickCount: OWN_TICKS,
        body,
      },
      { chainId, signer },
    )
    const published = await take(id, blob)
    if (own === null || own.epoch < epoch) await store.saveOwnChain({ epoch, first: id, before: previous })
    return published
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  return {
    publish: (body) => inTurn(() => publish(body)),
    async publishBlob(blob) {
      const info = codec.decode(blob)
      if (info === null) throw new SyncError('malformed', `the ATX was not published: ${REFUSALS.malformed}`)
      const missing = missingOf(info)
      if (missing !== undefined) throw refusal(`${REFUSALS.waiting} (${missing})`)
      return take(info.id, blob)
    },
  }
}

function refusal(why: string): SyncError {
  return new SyncError('refused', `the ATX was not published: ${why}`)
}
