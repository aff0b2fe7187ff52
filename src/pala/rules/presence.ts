/**
 * Two processes with one key (P19.5, A18). Each process has a random instance id and tells it to its peers, with the id it
 * last heard from them: a peer whose ids alternate runs twice, and so does this node when a peer that knew it hears another.
 */
import type { Millis, PeerId } from '../../domain.ts'
import { setLatest } from '../../machine/latest.ts'
import { MAX_PEERS } from '../bounds.ts'
import { thresholdWeight } from '../committee.ts'
import type { Presence } from '../state-parts.ts'
import { halt } from './halt.ts'
import { currentSession, emit, send, type Turn } from './turn.ts'

/** A peer that plays with its ids is no reason for more noise than this. */
const NOTICE_EVERY_MS: Millis = 60_000
const ANSWER_EVERY_MS: Millis = 2_000

/** Tells each of `peers` who this process is, directly: gossip could arrive after the process is gone. */
export function sendPresence(turn: Turn, peers: readonly PeerId[]): void {
  const { instance, heard } = turn.state.presence
  if (instance === '') return
  for (const peer of peers) {
    send(turn, [peer], { type: 'presence', presence: { instance, echo: heard.get(peer)?.last ?? '' } })
  }
}

export function onPresence(turn: Turn, from: PeerId | null, presence: Presence): void {
  if (from === null || !turn.state.peers.has(from)) return
  noteInstance(turn, from, presence.instance)
  noteEcho(turn, from, presence.echo)
}

/** An instance that speaks again after another one did was never gone. */
function noteInstance(turn: Turn, from: PeerId, instance: string): void {
  const { heard } = turn.state.presence
  const known = heard.get(from)
  if (known?.last === instance) return
  const { noticedAt, answeredAt } = known ?? {
    noticedAt: Number.NEGATIVE_INFINITY,
    answeredAt: Number.NEGATIVE_INFINITY,
  }
  const isBack = known !== undefined && known.before === instance
  const isNews = isBack && turn.now - noticedAt >= NOTICE_EVERY_MS
  const isDue = isBack && turn.now - answeredAt >= ANSWER_EVERY_MS
  const entry = {
    last: instance,
    before: known?.last ?? null,
    noticedAt: isNews ? turn.now : noticedAt,
    answeredAt: isDue ? turn.now : answeredAt,
  }
  setLatest(heard, [from, entry], MAX_PEERS)
  if (isNews) emit(turn, { type: 'notice', notice: { kind: 'duplicateKey', peer: from, isSelf: false } })
  if (isDue) tellBoth(turn, from)
}

/** Only one of the two processes reads this, nobody knows which: it finds its own id and the other one after it. */
function tellBoth(turn: Turn, peer: PeerId): void {
  const { instance, heard } = turn.state.presence
  const known = heard.get(peer)
  if (known === undefined || known.before === null || instance === '') return
  for (const echo of [known.last, known.before, known.last]) {
    send(turn, [peer], { type: 'presence', presence: { instance, echo } })
  }
}

/** A peer that has heard this process and then hears another under the same key: one witness. */
function noteEcho(turn: Turn, from: PeerId, echo: string): void {
  const { presence } = turn.state
  if (echo === '') return
  if (echo === presence.instance) return void (presence.knownTo.size < MAX_PEERS && presence.knownTo.add(from))
  if (!presence.knownTo.has(from) || presence.witnesses.has(from)) return
  presence.witnesses.add(from)
  emit(turn, { type: 'notice', notice: { kind: 'duplicateKey', peer: from, isSelf: true } })
  if (witnessWeight(turn) < leastHonest(turn)) return
  const clue = 'members that knew this process now hear another one with the same key'
  halt(turn, 'key-used-elsewhere', `${clue}: end one of the two, then start the other again`)
}

/** Of this much weight some is honest: a liar alone stops nobody. */
function leastHonest({ state }: Turn): number {
  const session = currentSession(state)
  const total = session.voters.reduce((sum, { weight }) => sum + weight, 0)
  return total - thresholdWeight(session) + 1
}

function witnessWeight({ state }: Turn): number {
  const { voters, session } = currentSession(state)
  const seats = new Set<number>()
  for (const peer of state.presence.witnesses) {
    for (const role of state.peers.get(peer)?.roles ?? []) {
      if (role.role === 'voter' && role.session === session) seats.add(role.index)
    }
  }
  return [...seats].reduce((sum, index) => sum + (voters[index]?.weight ?? 0), 0)
}
