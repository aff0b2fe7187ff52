/**
 * Follows the sessions of a running node: before one starts the network learns of its members, when it starts people hear
 * of it, and when its first block is final the old committee is let go (P16.5, P18.7).
 */
import type { Ledger } from '../ledger/ledger.ts'
import type { PalaObserver } from '../pala/service.ts'
import type { Notice } from '../pala/types.ts'
import type { PalaverNetwork } from './libp2p.ts'
import type { Seats } from './seats.ts'
import type { Telemetry } from './telemetry.ts'

export type SessionWatch = {
  readonly seats: Seats
  readonly network: Pick<PalaverNetwork, 'committeeChanged' | 'retryDials'>
  readonly telemetry: Pick<Telemetry, 'events' | 'log'>
}

/** The observer, which also tells the network about sessions and epochs. */
export function watchSessions(
  observer: PalaObserver,
  { seats, network, telemetry: { events, log } }: SessionWatch,
): PalaObserver {
  let isSwitching = false

  function started({ session, stop }: Extract<Notice, { kind: 'sessionStarted' }>): void {
    isSwitching = true
    // The expected committee rules now; the ledger says what comes after it once it has executed the stop block.
    seats.expect(null)
    network.committeeChanged()
    const data = {
      session: session.session,
      voters: session.voters.length,
      proposers: session.proposers.length,
      k: session.params.k,
      stopHeight: stop.height,
      roles: seats.claims().map(({ role }) => role),
    }
    log.info(data, `session ${session.session} starts after stop block ${stop.height}`)
    events.publish('session', 'started', data)
  }

  return {
    ...observer,
    notice(notice) {
      if (notice.kind === 'sessionStarted') started(notice)
      if (notice.kind === 'epochEntered') network.retryDials()
      observer.notice(notice)
    },
    finalized(height, bytes) {
      observer.finalized(height, bytes)
      if (!isSwitching || seats.switchingAt() !== null) return
      isSwitching = false
      network.committeeChanged()
      events.publish('session', 'settled', { session: seats.current().session, height })
    },
  }
}

/** Tells the network whom accepted changes would bring in, so that they are connected before they are needed. */
export function followCommittee(
  { ledger }: { readonly ledger: Pick<Ledger, 'nextCommittee' | 'onExecuted'> },
  { seats, network }: SessionWatch,
): void {
  const look = (): void => {
    if (seats.expect(ledger.nextCommittee())) network.committeeChanged()
  }
  look()
  ledger.onExecuted(({ txs }) => {
    // Transactions make an expectation, and only the stop block that meets it ends it.
    if (txs.length > 0 || seats.expected !== null) look()
  })
}
