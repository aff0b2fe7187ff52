/** Canonical runs told by hand: nodes with names, messages held and let go, rows of states, and a text anyone can read. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { CommitteePlan, Millis, PeerId, SessionParams } from '../../../src/domain.ts'
import { summarise } from '../../../src/pala/state.ts'
import type { Message, MessageType } from '../../../src/pala/types.ts'
import type { Elect } from './application.ts'
import { showEpoch, showSn } from './describe.ts'
import type { Envelope } from './network.ts'
import type { Hooks } from './node.ts'
import { createWorld, planOf, startAll, type World } from './world.ts'

const HOUR: Millis = 3_600_000
/** Virtual time in which everything that can be delivered is; timers of the protocol are longer. */
const SETTLE_MS: Millis = 300
const FOLDER = fileURLToPath(new URL('../../stories/', import.meta.url))

/** Which envelopes a rule is about: by type, by ends. */
export type Rule = {
  readonly types?: readonly MessageType[]
  readonly from?: readonly PeerId[]
  readonly to?: readonly PeerId[]
  /** Slots in the slides' notation, of proposals, votes and notarizations. */
  readonly about?: readonly string[]
}

/** Who rules a session of a story. */
export type StoryCommittee = {
  readonly proposers: readonly PeerId[]
  readonly voters: readonly PeerId[]
  /** Leader by epoch; the last entry goes on. */
  readonly leaders: readonly PeerId[]
  readonly params?: Partial<SessionParams>
}

export type StoryOptions = StoryCommittee & {
  readonly hooks?: Hooks
  /** Tells what leaders say, once, instead of each delivery. */
  readonly isBrief?: boolean
  /** The sessions after the first. */
  readonly next?: readonly StoryCommittee[]
  /** Who follows; each session's successor as soon as it may when left out. */
  readonly elect?: (plans: readonly CommitteePlan[]) => Elect
}

export interface Story {
  readonly world: World
  /** Deliveries so far. */
  readonly delivered: ReadonlyArray<Envelope & { readonly atMs: Millis }>
  /** Only these groups are connected inside. */
  cut(...groups: ReadonlyArray<readonly PeerId[]>): void
  join(): void
  hold(...rules: readonly Rule[]): void
  drop(...rules: readonly Rule[]): void
  /** Ends all holding and dropping, and delivers what was held and matches; the rest stays held. */
  release(rule?: Rule): void
  /** Delivers what is held and matches; the holding goes on. */
  letGo(rule: Rule): void
  /** Lets a leader propose one more block. */
  poke(node: PeerId): void
  run(ms?: Millis): void
  until(condition: () => boolean, withinMs?: Millis): void
  /** `(e,s)/E` of each node, after everything settled. */
  row(label: string, expected: Readonly<Record<PeerId, string>>): void
  /** The same without waiting and without a line. */
  state(node: PeerId): string
  final(node: PeerId): number
  /** The finalized head's slot. */
  finalSlot(node: PeerId): string
  note(text: string): void
  count(type: MessageType, to?: readonly PeerId[]): number
  /** Compares the told text with `test/stories/NAME.txt`; `UPDATE_STORIES=1` rewrites it. */
  tell(name: string, opening?: readonly string[]): void
}

const QUIET: ReadonlySet<MessageType> = new Set(['status', 'getStatus', 'getClocks', 'getProposals'])

/** What a brief story tells. */
const LEADING: ReadonlySet<MessageType> = new Set(['proposal', 'notarization', 'clockNotarization'])

/** Direct streams only: gossip would tell everything twice. */
const DIRECT: Hooks = {
  rewrite(effect) {
    if (effect.type === 'publish') return []
    return [effect.type === 'castClock' ? { ...effect, publish: false } : effect]
  },
}

/** The slot that a proposal, vote or notarization is about. */
function slotOf(message: Message): string {
  if (message.type === 'proposal') return showSn(message.proposal.block.header.sn)
  if (message.type === 'vote') return showSn(message.vote.sn)
  return message.type === 'notarization' ? showSn(message.notarization.sn) : ''
}

const matches = ({ from, to, message }: Envelope, rule: Rule): boolean =>
  (rule.about?.includes(slotOf(message)) ?? true) &&
  (rule.types?.includes(message.type) ?? true) &&
  (rule.from?.includes(from) ?? true) &&
  (rule.to?.includes(to) ?? true)

const leaderOf = ({ proposers, leaders }: StoryCommittee, epoch: number): number =>
  proposers.indexOf(leaders[Math.min(epoch, leaders.length) - 1] ?? '')

/** Session after session, each as early as it may. */
const inTurn =
  (plans: readonly CommitteePlan[]): Elect =>
  ({ session }) =>
    plans[session - 1] ?? null

/** A started story at virtual time 0. */
export function createStory(options: StoryOptions): Story {
  const { proposers, voters, params, hooks = DIRECT, next = [], elect = inTurn } = options
  const committees: readonly StoryCommittee[] = [options, ...next]
  const names = [...new Set([...committees.flatMap((c) => c.voters), ...committees.flatMap((c) => c.proposers)])]
  const quiet = { emptyBlockIntervalMs: HOUR, heartbeatMs: HOUR, maxVoterTimeoutMs: 60_000 }
  const world = createWorld({
    seed: 1,
    proposers,
    voters,
    nodes: names.map((name) => ({ id: name, key: name, hooks, isVouchedFor: true })),
    params: { ...quiet, ...params },
    schedule: ({ session }, epoch) => leaderOf(committees[session - 1] ?? options, epoch),
    elect: elect(next.map((c) => planOf({ ...c, params: { ...quiet, ...params, ...c.params } }))),
  })
  world.thinkingMs = () => 30
  const text: string[] = []
  const delivered: Array<Envelope & { atMs: Millis }> = []
  let holding: readonly Rule[] = []
  let dropping: readonly Rule[] = []

  const show = (message: Message): string => world.describe.message(message)
  const at = (): string => `${(world.elapsed / 1_000).toFixed(3).padStart(9)} s`
  const say = (line: string): void => void text.push(`${at()}  ${line}`)

  function deliver(envelope: Envelope): void {
    const { from, to, message } = envelope
    delivered.push({ ...envelope, atMs: world.elapsed })
    if (options.isBrief) brief(from, message)
    else if (!QUIET.has(message.type)) say(`${from} -> ${to}  ${show(message)}`)
  }

  const told = new Set<string>()
  function brief(from: PeerId, message: Message): void {
    if (!LEADING.has(message.type) || told.has(show(message))) return
    told.add(show(message))
    say(`${from}  ${show(message)}`)
  }

  world.network.gate = (envelope) => {
    if (dropping.some((rule) => matches(envelope, rule))) return 'drop'
    if (holding.some((rule) => matches(envelope, rule))) return 'hold'
    deliver(envelope)
    return 'pass'
  }

  const state = (name: PeerId): string => {
    const { fnc, epoch } = summarise(world.node(name).state)
    return `${fnc.height === 0 ? '(0,1)' : showSn(fnc.sn)}/${showEpoch(epoch)}`
  }

  const story: Story = {
    world,
    delivered,
    cut(...groups) {
      text.push('', `-- links: ${groups.map((group) => `{${group.join(' ')}}`).join(' | ')}`)
      world.network.allow((a, b) => groups.some((group) => group.includes(a) && group.includes(b)))
    },
    join() {
      text.push('', '-- links: all')
      world.network.allow(() => true)
    },
    hold(...rules) {
      holding = rules
    },
    drop(...rules) {
      dropping = rules
    },
    release(rule = {}) {
      holding = []
      dropping = []
      story.letGo(rule)
    },
    letGo(rule) {
      for (const envelope of world.network.held) if (matches(envelope, rule)) deliver(envelope)
      world.network.release((envelope) => matches(envelope, rule))
    },
    poke: (name) => world.node(name).push({ type: 'payloadPending', pending: true }),
    run: (ms = SETTLE_MS) => void world.scheduler.runUntil(world.scheduler.now + ms),
    until(condition, withinMs = 30_000) {
      const held = world.scheduler.runUntil(world.scheduler.now + withinMs, condition)
      expect(held, `within ${withinMs} ms; now ${names.map((name) => `${name} ${state(name)}`).join('  ')}`).toBe(true)
    },
    row(label, expected) {
      story.run()
      const cells = names.map((name) => `${name} ${state(name)}`)
      text.push(`${label.padEnd(6)} ${cells.join('  ')}`, '')
      expect(Object.fromEntries(names.map((name) => [name, state(name)])), label).toEqual(expected)
    },
    state,
    final: (name) => summarise(world.node(name).state).finalized.height,
    finalSlot: (name) => showSn(summarise(world.node(name).state).finalized.sn),
    note: (line) => void text.push(`-- ${line}`),
    count: (type, to) =>
      delivered.filter((d) => d.message.type === type && (to === undefined || to.includes(d.to))).length,
    tell(name, opening = []) {
      const lines = [...opening.map((line) => `-- ${line}`), ...text]
      compareStory(name, lines)
    },
  }
  startAll(world)
  return story
}

/** Compares told lines with `test/stories/NAME.txt`. */
export function compareStory(name: string, lines: readonly string[]): void {
  const path = `${FOLDER}${name}.txt`
  const told = `${lines.join('\n')}\n`
  if (process.env.UPDATE_STORIES === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, told)
  }
  expect(existsSync(path), `${path} is missing: run UPDATE_STORIES=1 npx vitest run test/sim`).toBe(true)
  expect(told).toBe(readFileSync(path, 'utf8'))
}

/** The same state for several nodes. */
export function all(names: readonly PeerId[], state: string): Record<PeerId, string> {
  return Object.fromEntries(names.map((name) => [name, state]))
}
