/** An honest voter in the adversary's hands: the real machine and disk, fed one input at a time, without network or time. */
import { asVerified, type PublicKeyHex } from '../../../src/domain.ts'
import { step } from '../../../src/pala/machine.ts'
import type { Sn } from '../../../src/pala/sn.ts'
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

type Bare = Input extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

/** How a mutant differs from the real voter; everything is done from outside the machine. */
export type Mutation = {
  readonly afterStep?: (state: State, memory: Map<string, unknown>) => void
  readonly editDurable?: (durable: Durable, config: Config, session: Session) => Durable
  /** Makes the voter look at blocks of epochs that are over. */
  readonly ignoresEpochs?: boolean
}

export type PuppetOptions = {
  readonly key: PublicKeyHex
  readonly session: Session
  readonly mutation: Mutation
  readonly onVote: (sn: Sn, hash: string) => void
  readonly onClock: (target: number) => void
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

export function createPuppet(options: PuppetOptions): Puppet {
  const { key, session, mutation, onVote, onClock } = options
  const config: Config = { chainId: CHAIN_ID, self: key, schedule: () => 0, genesisTime: 0, mayVote: true }
  const disk = createDisk()
  const memory = new Map<string, unknown>()
  let state = createState(config, [session])
  let asks: number | null = null
  let now = 1_000_000

  function feed(input: Bare): void {
    const pending: Bare[] = [input]
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const effects = step(state, { ...next, now: now++ } as Input)
      mutation.afterStep?.(state, memory)
      for (const effect of effects) carryOut(effect, pending)
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
        return onClock(effect.target.epoch)
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
    const isOld = message.type === 'proposal' && message.proposal.block.header.sn.epoch < epoch.current.epoch
    if (mutation.ignoresEpochs && isOld) {
      state.epoch = { ...epoch, current: { session: 1, epoch: message.proposal.block.header.sn.epoch } }
    }
    if (message.type === 'blocks') asks = null
    feed({ type: 'messageReceived', from: ADVERSARY, message: input })
    if (mutation.ignoresEpochs && isOld) state.epoch = epoch
  }

  function begin(): void {
    feed({ type: 'started' })
    feed({ type: 'peerConnected', peer: ADVERSARY, roles: [{ role: 'proposer', session: 1, index: 0 }] })
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
      now = Math.max(now, timer.dueAt)
      feed({ type: 'timerFired', timer: 'voterTimeout', generation: timer.generation })
    },
    restart(random) {
      disk.crash(random)
      const durable = disk.load()
      asks = null
      state = restoreState(config, [session], mutation.editDurable?.(durable, config, session) ?? durable)
      begin()
    },
  }
}
