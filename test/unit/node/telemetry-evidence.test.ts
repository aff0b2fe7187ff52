/** What operators hear of misbehaviour: events on the topic `evidence`, and log lines that cannot be overlooked (P24.2, P19.5). */
import { describe, expect, it } from 'vitest'
import type { NodeEvent } from '../../../src/node/api/node-port.ts'
import { createEventBus } from '../../../src/node/events.ts'
import type { Logger } from '../../../src/node/log.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { createSyncMeter } from '../../../src/node/sync-meter.ts'
import { createObserver } from '../../../src/node/telemetry.ts'
import type { PalaObserver } from '../../../src/pala/service.ts'

function createRig(): { observer: PalaObserver; events: NodeEvent[]; lines: string[] } {
  const clock = { now: () => 1_000 }
  const bus = createEventBus({ clock, onListenerError: () => undefined })
  const events: NodeEvent[] = []
  const lines: string[] = []
  bus.subscribe({ topics: new Set(['evidence']), after: null, listener: (event) => events.push(event) })
  const say = (_data: unknown, text: string): void => void lines.push(text)
  const log = { info: say, warn: say, error: say, fatal: say, debug: say, trace: say } as unknown as Logger
  const metrics = createMetrics()
  const meter = createSyncMeter()
  return {
    observer: createObserver({ events: bus, metrics, meter, log, clock, onFatal: () => undefined }),
    events,
    lines,
  }
}

const slot = { session: 1, epoch: 2, s: 3 }
const vote = { sn: slot, blockHash: 'aa'.repeat(32), voter: 2, signature: new Uint8Array(64) }

describe('evidence for operators', () => {
  it('P24.2 names kind, seat, organisation, key and slot', () => {
    const { observer, events, lines } = createRig()
    observer.notice({
      kind: 'evidence',
      accused: { kind: 'doubleVote', seat: 'voter', index: 2, slot, key: 'dd'.repeat(32), org: 'org-2' },
      evidence: { kind: 'doubleVote', first: vote, second: { ...vote, blockHash: 'bb'.repeat(32) } },
    })
    const accused = { seat: 'voter', key: 'dd'.repeat(32), org: 'org-2' }
    expect(events).toMatchObject([
      { type: 'evidence', data: { kind: 'doubleVote', accused, session: 1, epoch: 2, number: 3 } },
    ])
    expect(lines.join()).toContain('EVIDENCE doubleVote by voter org-2')
  })

  it('P3.5 tells of conflicting certificates without naming anybody', () => {
    const { observer, events } = createRig()
    const certificate = { sn: slot, blockHash: 'aa'.repeat(32), signers: [], signatures: [] }
    const second = { ...certificate, blockHash: 'bb'.repeat(32) }
    const evidence = { kind: 'conflictingNotarizations', first: certificate, second } as const
    observer.notice({ kind: 'evidence', accused: null, evidence })
    expect(events).toMatchObject([{ data: { kind: 'conflictingNotarizations', accused: null, number: 3 } }])
  })

  it('P19.5 tells of a key that runs twice, here or at a peer', () => {
    const { observer, events, lines } = createRig()
    observer.notice({ kind: 'duplicateKey', peer: 'peer2', isSelf: false })
    observer.notice({ kind: 'duplicateKey', peer: 'peer2', isSelf: true })
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['duplicate-role', { peer: 'peer2', isSelf: false }],
      ['duplicate-role', { peer: 'peer2', isSelf: true }],
    ])
    expect(lines.filter((line) => line.includes('DUPLICATE KEY'))).toHaveLength(2)
  })
})
