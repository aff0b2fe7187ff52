/** The default rules of a valid ATX by table (S2, S9.2). */
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../../src/crypto/keys.ts'
import { SignedAtx } from '../../../../src/protocols/wire/atx.gen.ts'
import { atxCodec, signAtx, type UnsignedAtx } from '../../../../src/sync/atx/codec.ts'
import { createAtxValidator, defaultTickRule, type TickRule } from '../../../../src/sync/atx/validator.ts'
import type { AtxInfo } from '../../../../src/sync/set/types.ts'
import { CALENDAR } from '../../../helpers/sync/atx-set.ts'

const chainId = '11'.repeat(32)
const TOLERANCE_MS = 5 * 60_000
const [alice, bob] = [1, 2].map((byte) => createSigner(Buffer.alloc(32, byte)))
if (alice === undefined || bob === undefined) throw new Error('two signers')

function signed(changes: Partial<UnsignedAtx>, signer = alice) {
  const first = { publishEpoch: 0, previous: null, positioning: null, baseTickHeight: 0, tickCount: 5 }
  const { blob } = signAtx(
    { ...first, body: new Uint8Array(0), ...changes },
    { chainId, signer: signer as typeof bob & {} },
  )
  return { blob, info: atxCodec.decode(blob) as AtxInfo }
}

type Case = { atx: UnsignedAtx | object; previous?: AtxInfo; positioning?: AtxInfo; now?: number; tickRule?: TickRule }

async function judge({ atx, previous, positioning, now = CALENDAR.epochStart(9), tickRule }: Case): Promise<string> {
  const validator = createAtxValidator({ chainId, calendar: CALENDAR, clockToleranceMs: TOLERANCE_MS, tickRule })
  const { blob, info } = signed({ previous: previous?.id ?? null, positioning: positioning?.id ?? null, ...atx })
  const known = { previous: previous ?? null, positioning: positioning ?? null }
  return (await validator.validate(blob, info, known, now)).verdict
}

const own = signed({ publishEpoch: 2 }).info
const other = signed({ publishEpoch: 2, tickCount: 7 }, bob).info

describe('S2 an ATX', () => {
  it.each([
    ['that names no other', { atx: {} }, 'valid'],
    ['after its publisher’s older one', { atx: { publishEpoch: 3 }, previous: own }, 'valid'],
    ['after one of its own epoch', { atx: { publishEpoch: 2 }, previous: own }, 'invalid'],
    ['after another publisher’s', { atx: { publishEpoch: 3 }, previous: other }, 'invalid'],
    ['on an older one', { atx: { publishEpoch: 3, baseTickHeight: 7 }, positioning: other }, 'valid'],
    ['on one of its own epoch', { atx: { publishEpoch: 2, baseTickHeight: 7 }, positioning: other }, 'invalid'],
    [
      'that starts below the one it builds on',
      { atx: { publishEpoch: 3, baseTickHeight: 6 }, positioning: other },
      'invalid',
    ],
    ['that starts above 0 on nothing', { atx: { baseTickHeight: 1 } }, 'invalid'],
    ['without a tick', { atx: { tickCount: 0 } }, 'invalid'],
    ['under another rule of ticks', { atx: { tickCount: 0 }, tickRule: () => null }, 'valid'],
  ])('%s: %s', async (_, given, verdict) => {
    expect(await judge(given)).toBe(verdict)
  })

  it('whose ticks add up to more than a number holds is invalid', () => {
    const base = { ...other, baseTickHeight: Number.MAX_SAFE_INTEGER - 5, tickCount: 5 }
    const info = { ...own, baseTickHeight: Number.MAX_SAFE_INTEGER, tickCount: 1 }
    expect(defaultTickRule(info, base)).not.toBeNull()
    expect(defaultTickRule({ ...info, baseTickHeight: 12 }, { ...base, baseTickHeight: 7 })).toBeNull()
  })
})

describe('S9.2 the future', () => {
  const start = CALENDAR.epochStart(4)

  it.each([
    ['just beyond the tolerance', start - TOLERANCE_MS - 1, 'early'],
    ['within the tolerance', start - TOLERANCE_MS, 'valid'],
  ])('%s', async (_, now, verdict) => {
    expect(await judge({ atx: { publishEpoch: 4 }, now })).toBe(verdict)
  })

  it('ticks that cannot have passed yet', async () => {
    const ticks = 3_000 * 10
    const now = CALENDAR.genesisMs + 3_000_000 - TOLERANCE_MS
    expect(await judge({ atx: { tickCount: ticks }, now })).toBe('valid')
    expect(await judge({ atx: { tickCount: ticks + 1 }, now })).toBe('early')
  })

  it('an epoch that no calendar reaches is early for ever, not an error', async () => {
    expect(await judge({ atx: { publishEpoch: 0xffff_ffff } })).toBe('early')
  })
})

describe('S2 the signature', () => {
  const validator = createAtxValidator({ chainId, calendar: CALENDAR, clockToleranceMs: TOLERANCE_MS })
  const none = { previous: null, positioning: null }

  it('a wrong one is the supplier’s fault, and the id stays good', async () => {
    const { blob, info } = signed({})
    const forged = SignedAtx.encode({ ...SignedAtx.decode(blob), signature: new Uint8Array(64) })
    expect(atxCodec.decode(forged)).toEqual(info)
    const judgements = [await validator.validate(forged, info, none, CALENDAR.epochStart(9))]
    judgements.push(await validator.validate(blob, info, none, CALENDAR.epochStart(9)))
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['bad-signature', 'valid'])
  })

  it('one for another chain is wrong', async () => {
    const foreign = createAtxValidator({ chainId: '12'.repeat(32), calendar: CALENDAR, clockToleranceMs: TOLERANCE_MS })
    const { blob, info } = signed({})
    expect((await foreign.validate(blob, info, none, CALENDAR.epochStart(9))).verdict).toBe('bad-signature')
  })
})
