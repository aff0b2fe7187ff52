/** An honest voter in the adversary's hands: the real machine and disk, fed one input at a time, without network or time. */
import { AssertionError } from '../../../src/assert.ts'
import { asVerified, type PublicKeyHex } from '../../../src/domain.ts'
import { step } from '../../../src/pala/machine.ts'
import { compareEpochs, type EpochId, type Sn } from '../../../src/pala/sn.ts'
import { createState, restoreState } from '../../../src/pala/state.ts'
import type {
  Config,
  Durable,
  Effect,
  Input,
  Message,
  Session,
  State,
  VerifiedMessage,
} from '../../../src/pala/types.ts'
import { CHAIN_ID } from './blocks.ts'
import { createDisk } from './disk.ts'
import type { Random } from './random.ts'
import { Violation } from './violation.ts'

type Bare = Input extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

/** How a mutant differs from the real voter; everything is done from outside the machine. */
export type Mutation = {
  /** Before a message is stepped, and all that follows from it; the result undoes the change afterwards. */
  readonly beforeMessage?: (state: State, message: Message) => () => void
  readonly afterStep?: (state: State, memory: Map<string, unknown>) => void
  readonly editDurable?: (durable: Durable, config: Config, session: Session) => Durable
  /** Makes the voter look at blocks of epochs that are over. */
  readonly ignoresEpochs?: boolean
}

export type PuppetOptions = {
  readonly key: PublicKeyHex
  /** The first session; also the second for a voter sworn in before the first one stopped. */
  readonly sessions: readonly [Session, ...Session[]]
  readonly mutation: Mutation
  readonly onVote: (sn: Sn, hash: string) => void
  readonly onClock: (target: EpochId) => void
}

export interface Puppet {
  readonly state: State
  /** A request for blocks that waits for an answer. */
  readonly asks: number | null
  feed(input: Bare): void
  tell(message: Message): void
  /** Patience ends. */
  expire(): void
  restart(random: Random): void
}

/** The only peer: it leads every epoch. */
export const ADVERSARY = 'adversary'

/** Time between inputs: nobody stays shunned. */
const PAUSE_MS = 600_000

export function createPuppet(options: PuppetOptions): Puppet {
  const { key, sessions, mutation, onVote, onClock } = options
  const [session] = sessions
  const config: Config = {
    chainId: CHAIN_ID,
    self: key,
    schedule: () => 0,
    genesisTime: 0,
    votesFrom: 1,
    unsafeResetVotes: true,
  }
  const disk = createDisk()
  const memory = new Map<string, unknown>()
  let state = createState(config, sessions)
  let asks: number | null = null
  let now = 1_000_000

  function feed(input: Bare, at = now): void {
    const pending: Bare[] = [input]
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const effects = runStep({ ...next, now: at } as Input)
      mutation.afterStep?.(state, memory)
      for (const effect of effects) carryOut(effect, pending)
    }
    now = at + PAUSE_MS
  }

  /** A mutant may lead its machine where an assertion ends it. */
  function runStep(input: Input): Effect[] {
    try {
      return step(state, input)
    } catch (error) {
      throw error instanceof AssertionError ? new Violation('assert', error.message) : error
    }
  }

  function carryOut(effect: Effect, pending: Bare[]): void {
    switch (effect.type) {
      case 'persist':
        disk.write(effect.records)
        if (effect.sync) disk.sync()
        return
      case 'castVote':
        return onVote(effect.sn, effect.blockHash)
      case 'castClock':
        return onClock(effect.target)
      case 'checkBlock':
        return void pending.push({ type: 'blockChecked', hash: effect.block.hash, verdict: 'valid' })
      case 'send':
        if (effect.message.type === 'getFresher') asks = effect.message.requestId
        return
      default:
        return
    }
  }

  function tell(message: Message): void {
    const input = asVerified(message) as unknown as VerifiedMessage
    const { epoch } = state
    const slot = message.type === 'proposal' ? message.proposal.block.header.sn : null
    const isOld = slot !== null && compareEpochs(slot, epoch.current) < 0
    if (mutation.ignoresEpochs && isOld) {
      state.epoch = { ...epoch, current: { session: slot.session, epoch: slot.epoch } }
    }
    if (message.type === 'blocks') asks = null
    const undo = mutation.beforeMessage?.(state, message)
    feed({ type: 'messageReceived', from: ADVERSARY, message: input })
    undo?.()
    if (mutation.ignoresEpochs && isOld) state.epoch = epoch
  }

  function begin(): void {
    feed({ type: 'started' })
    const roles = [1, 2].map((number) => ({ role: 'proposer', session: number, index: 0 }) as const)
    feed({ type: 'peerConnected', peer: ADVERSARY, roles })
  }

  const sworn = sessions[1]
  if (sworn !== undefined) {
    const current = { session: sworn.session, epoch: 1 }
    state.epoch = { current, proof: null, fncAtEntry: state.epoch.fncAtEntry }
    disk.write([{ type: 'epoch', ...state.epoch, epoch: current }])
    disk.sync()
  }
  begin()
  return {
    get state() {
      return state
    },
    get asks() {
      return asks
    },
    feed,
    tell,
    expire() {
      const timer = state.timers.get('voterTimeout')
      if (timer === undefined) return
      feed({ type: 'timerFired', timer: 'voterTimeout', generation: timer.generation }, timer.dueAt)
    },
    restart(random) {
      disk.crash(random)
      const durable = disk.load()
      asks = null
      state = restoreState(config, sessions, mutation.editDurable?.(durable, config, session) ?? durable)
      begin()
    },
  }
}
