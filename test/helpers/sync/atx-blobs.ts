/** Valid ATXs of the default kind by name, for a network of days as timeframes. */
import { createHash } from 'node:crypto'
import { createSigner } from '../../../src/crypto/keys.ts'
import type { Hash, Millis } from '../../../src/domain.ts'
import { atxCodec, signAtx } from '../../../src/sync/atx/codec.ts'
import type { AtxInfo, NewAtx } from '../../../src/sync/set/types.ts'

export const CHAIN_ID: Hash = 'ab'.repeat(32)
export const DAY_MS: Millis = 86_400_000
export const HOUR_MS: Millis = 3_600_000
/** Start of timeframe 0. */
export const START_MS: Millis = Date.UTC(2025, 0, 1)
export const dayOf = (frame: number): Millis => START_MS + frame * DAY_MS

export type TestAtx = { readonly id: Hash; readonly blob: Uint8Array; readonly info: AtxInfo }

export type AtxTraitsOfTest = {
  /** Two to a timeframe. */
  readonly epoch: number
  readonly positioning?: TestAtx
  readonly previous?: TestAtx
  /** Whose it is; by default a publisher of its own. */
  readonly publisher?: string
  /** What it adds to the ticks of those it builds on; 0 is invalid. */
  readonly ticks?: number
  readonly bytes?: number
}

export function makeAtx(name: string, traits: AtxTraitsOfTest): TestAtx {
  const { epoch, positioning, previous, publisher = name, ticks = 1, bytes } = traits
  const signer = createSigner(createHash('sha256').update(`publisher ${publisher}`).digest())
  const body = bytes === undefined ? Buffer.from(name) : Buffer.alloc(bytes, name)
  const base = positioning === undefined ? 0 : positioning.info.baseTickHeight + positioning.info.tickCount
  const { id, blob } = signAtx(
    {
      publishEpoch: epoch,
      previous: previous?.id ?? null,
      positioning: positioning?.id ?? null,
      baseTickHeight: base,
      tickCount: ticks,
      body,
    },
    { chainId: CHAIN_ID, signer },
  )
  const info = atxCodec.decode(blob)
  if (info === null) throw new Error('what was signed can be read')
  return { id, blob, info }
}

export const newAtx = ({ info, blob }: TestAtx, receivedAt: Millis): NewAtx => ({
  info,
  blob,
  receivedAt,
  source: 'gossip',
})

export const packIds = (atxs: readonly { readonly id: Hash }[]): Uint8Array =>
  Buffer.from(atxs.map(({ id }) => id).join(''), 'hex')

const made = new Map<string, TestAtx[]>()

/** ATXs published in timeframe `frame`, in time for a high grade. */
export function atxsOf(frame: number, count = 100, prefix = 'atx'): TestAtx[] {
  const key = `${prefix}-${frame}-${count}`
  const known = made.get(key)
  if (known !== undefined) return known
  const atxs = Array.from({ length: count }, (_, i) => makeAtx(`${prefix}-${frame}-${i}`, { epoch: 2 * frame }))
  made.set(key, atxs)
  return atxs
}

/** 12 timeframes of ATXs, the last one open (S11). */
export const baseDays = (count = 100): TestAtx[][] => Array.from({ length: 12 }, (_, frame) => atxsOf(frame, count))
