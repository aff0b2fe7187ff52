/** What consensus and ledger tell the outside: events, metrics, log lines. */
import type { Role, RoleName } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { finalizedOf, fncOf } from '../pala/chain.ts'
import type { PalaObserver } from '../pala/service.ts'
import type { Notice } from '../pala/types.ts'
import type { Network, PeerInfo } from '../protocols/network.ts'
import { pointOf } from './block-views.ts'
import type { Engine } from './engine.ts'
import type { EventBus } from './events.ts'
import type { Logger } from './log.ts'
import type { NodeMetrics } from './metrics.ts'
import type { SyncMeter } from './sync-meter.ts'

export type Telemetry = {
  readonly events: EventBus
  readonly metrics: NodeMetrics
  readonly meter: SyncMeter
  readonly log: Logger
  readonly clock: Clock
  /** Ends the node: the machine, the ledger or the disk failed. */
  readonly onFatal: (error: unknown) => void
}

/** The observer consensus reports to. */
export function createObserver({ events, metrics, meter, log, clock, onFatal }: Telemetry): PalaObserver {
  function onNotice(notice: Notice): void {
    switch (notice.kind) {
      case 'epochEntered':
        metrics.epochEntered(notice.cause)
        log.info({ ...notice.epoch, cause: notice.cause }, 'epoch entered')
        return events.publish('consensus', 'epoch-entered', { ...notice.epoch, cause: notice.cause })
      case 'notarized':
        return events.publish('consensus', 'notarized', pointOf(notice.block))
      case 'evidence':
        return onEvidence(notice)
      case 'duplicateKey':
        return onDuplicateKey(notice)
      case 'dropped':
        return
    }
  }

  function onDuplicateKey({ peer, isSelf }: Extract<Notice, { kind: 'duplicateKey' }>): void {
    const what = isSelf ? "this node's key runs in a second process, says" : 'one key runs in two processes at'
    log.error({ peer, isSelf }, `DUPLICATE KEY ${what} ${peer}: end one of them`)
    events.publish('evidence', 'duplicate-role', { peer, isSelf })
  }

  function onEvidence({ evidence, accused }: Extract<Notice, { kind: 'evidence' }>): void {
    const slot = accused?.slot ?? (evidence.kind === 'conflictingNotarizations' ? evidence.first.sn : null)
    const who = accused === null ? null : { seat: accused.seat, key: accused.key, org: accused.org }
    const data = { kind: evidence.kind, accused: who, session: slot?.session, epoch: slot?.epoch, number: slot?.s }
    log.error(
      data,
      `EVIDENCE ${evidence.kind}${who === null ? '' : ` by ${who.seat} ${who.org}`}: see palaver evidence`,
    )
    events.publish('evidence', 'evidence', data)
  }
  return {
    notice: onNotice,
    finalized: (height, bytes) => meter.note(clock.now(), { height, bytes }),
    alarm(code, detail) {
      log.fatal({ code }, `${detail}; this node votes no more: keep its home as it is, compare with the other members`)
      events.publish('consensus', 'alarm', { code, detail })
    },
    rejected: (what, reason) => metrics.rejected(what, reason),
    persisted: (durationMs) => metrics.fsynced(durationMs),
    leaderChanged: () => events.publish('consensus', 'leader-changed', {}),
    voted: () => metrics.votesCast.inc(),
    failed: onFatal,
  }
}

/** Publishes executed blocks and their transactions. */
export function reportExecution({ ledger, pala }: Engine, { events, metrics }: Telemetry): void {
  ledger.onExecuted(({ height, hash, stateRoot, entries, txs }) => {
    metrics.blocksFinalized.inc()
    metrics.transactionsFinalized.inc(txs.length)
    const entry = pala.state.tree.entries.get(hash)
    const point = entry === undefined ? { height, hash } : pointOf(entry.ref)
    events.publish('block', 'final', { ...point, stateRoot, entries, txIds: txs.map((tx) => tx.txId) })
    for (const [index, { txId, result }] of txs.entries()) {
      events.publish('tx', 'final', { txId, height, blockHash: hash, index, ok: result.ok })
    }
  })
}

/** Publishes who comes and goes. Call it before the network starts. */
export function reportPeers(network: Network, { events }: Telemetry): void {
  network.onPeers({
    connected: (peerId, roles) => events.publish('peer', 'connected', { peerId, roles: namesOf(roles) }),
    rolesChanged: (peerId, roles) => events.publish('peer', 'roles-changed', { peerId, roles: namesOf(roles) }),
    disconnected: (peerId) => events.publish('peer', 'disconnected', { peerId }),
  })
}

/** Seats in several sessions, by name. */
function namesOf(roles: readonly Role[]): RoleName[] {
  return [...new Set(roles.map(({ role }) => role))]
}

function totalsOf(ledger: Engine['ledger']): Record<string, number> {
  const { refused, ...counted } = ledger.counters()
  const refusals = Object.entries(refused).map(([code, total]) => [`refused_${code}`, total])
  const relayed = Object.entries(ledger.relay.counters).map(([what, total]) => [`relay_${what}`, total])
  return { ...counted, ...Object.fromEntries([...refusals, ...relayed]) }
}

/** Lets the gauges read the running node. */
export function observeGauges(metrics: NodeMetrics, { pala, ledger }: Engine, peers: () => readonly PeerInfo[]): void {
  metrics.observe(() => {
    const { tree, epoch } = pala.state
    const head = fncOf(tree).ref
    return {
      session: epoch.current.session,
      epoch: epoch.current.epoch,
      headNumber: head.sn.s,
      headHeight: head.height,
      finalizedHeight: finalizedOf(tree).ref.height,
      appliedHeight: ledger.appliedHeight(),
      peers: peers().length,
      mempoolTransactions: ledger.pendingCount(),
      mempoolBytes: ledger.pendingBytes(),
      queues: { consensus: pala.queueLength, ledger: ledger.counters().queuedBlocks },
      totals: totalsOf(ledger),
    }
  })
}
