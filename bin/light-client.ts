/** What `palaver light` does, over libp2p or HTTP: open, follow, read, and keep what is trusted in a file. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type PalaverClient } from '../src/client/client.ts'
import { ApiError } from '../src/client/errors.ts'
import { verifyEd25519 } from '../src/crypto/ed25519.ts'
import { PalaverError } from '../src/errors.ts'
import { systemClock } from '../src/machine/clock.ts'
import { writeFileAtomic } from '../src/node/atomic-file.ts'
import { readGenesis } from '../src/node/genesis.ts'
import { createLightNetwork } from '../src/node/light-network.ts'
import { createLog } from '../src/node/log.ts'
import {
  checkTrustPeriod,
  createLightClient,
  type LightAnswer,
  type LightClient,
  type LightPeer,
  type LightRequest,
  type LightState,
  type Proven,
  type ProvenBlock,
  readLightState,
  readTrustedGenesis,
  type TrustedGenesis,
  VerifyError,
  writeLightState,
} from '../src/verify/verify.ts'
import { CliError } from './errors.ts'
import { checkMultiaddr } from './multiaddr-check.ts'
import { note } from './output.ts'
import { asCliError } from './verification.ts'

const POLL_MS = 1_000
const DAY_MS = 86_400_000
/** A value is provable once the next blocks are: tries, one poll apart. */
const READ_TRIES = 10

export type LightFlags = {
  readonly genesis: string
  readonly peer?: string[] | undefined
  readonly api?: string[] | undefined
  readonly state?: string | undefined
  readonly get?: string | undefined
  readonly once?: boolean | undefined
  readonly 'trust-period': number
  readonly 'trust-old'?: boolean | undefined
  readonly json?: boolean | undefined
}

/** A light client with its peers. */
export type LightSession = {
  readonly client: LightClient
  readonly peers: Set<LightPeer>
  /** Writes the state to its file, if there is one. */
  readonly keep: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Reads genesis and state, and connects. */
export async function openLight(flags: LightFlags): Promise<LightSession> {
  for (const address of flags.peer ?? []) checkMultiaddr(address)
  const { text, chainId } = await readGenesis(flags.genesis)
  const genesis = readTrustedGenesis(text)
  const state = await verified(() => readState(flags, genesis), 'the state')
  const network = createLightNetwork({
    network: genesis.network,
    chainId,
    logger: createLog('silent').forModule('net'),
  })
  if ((flags.peer ?? []).length > 0) await network.start()
  const peers = await connectAll(flags, network.connect).catch(async (error: unknown) => {
    await network.stop()
    throw error
  })
  const client = createLightClient({ genesis, state, verifyEd25519 })
  return {
    client,
    peers,
    keep: async () => {
      if (flags.state !== undefined) await writeFileAtomic(flags.state, writeLightState(client.state))
    },
    close: network.stop,
  }
}

async function readState(flags: LightFlags, genesis: TrustedGenesis): Promise<LightState | null> {
  if (flags.state === undefined) return null
  const text = await readFile(flags.state, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw new CliError('failure', `cannot read ${flags.state}: ${cause.message}`, { cause })
  })
  if (text === null) return null
  const state = readLightState(text, genesis.chainId)
  if (!flags['trust-old']) checkTrustPeriod(state, systemClock.now(), flags['trust-period'] * DAY_MS)
  return state
}

/** Runs a check; what it refuses ends the command with exit 6. */
async function verified<T>(work: () => Promise<T>, what: string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof VerifyError && error.code === 'too-old') {
      const hint = 'compare a recent block with someone you trust, then continue with --trust-old'
      throw new CliError('verification', error.message, { cause: error, hint })
    }
    throw asCliError(error, what)
  }
}

/** Those that answer; at least one must. */
async function connectAll(flags: LightFlags, dial: (address: string) => Promise<LightPeer>): Promise<Set<LightPeer>> {
  const peers = new Set<LightPeer>()
  for (const url of flags.api ?? []) peers.add(httpPeer(url))
  for (const address of flags.peer ?? []) {
    const peer = await dial(address).catch((error: unknown) => {
      if (!(error instanceof PalaverError)) throw error
      note(`${address}: ${error.message}`)
      return null
    })
    if (peer !== null) peers.add(peer)
  }
  if (peers.size > 0) return peers
  throw new CliError('unreachable', 'no node answers', {
    hint: 'name a running one: --peer MULTIADDR (see: palaver id)',
  })
}

/** A node asked through its API. */
function httpPeer(url: string): LightPeer {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CliError('usage', `--api is not an http URL: '${url}'`, {
      hint: 'write it as --api http://127.0.0.1:PORT',
    })
  }
  const client = createClient({ url })
  return { name: url, ask: (request) => askHttp(client, request) }
}

async function askHttp(client: PalaverClient, { height, key }: LightRequest): Promise<LightAnswer> {
  try {
    if (key !== undefined) return { ok: false, problem: 'not-supported' }
    const document = await client.blockProof(height ?? 'latest')
    return { ok: true, proof: Buffer.from(document.proof, 'base64'), more: false }
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, problem: error.code }
    throw error
  }
}

export type FollowOptions = {
  readonly show: (block: ProvenBlock) => void
  readonly once: boolean
  readonly interrupted: AbortSignal
}

/** Shows every new head until interrupted. Rejects with exit 6 when a peer lies, with exit 4 when none is left. */
export async function follow(session: LightSession, { show, once, interrupted }: FollowOptions): Promise<void> {
  while (!interrupted.aborted) {
    const isNews = await round(session, show)
    if (once && isNews) return
    await delay(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined)
  }
}

/** Asks every peer once; what one shows is compared with what the others show. */
async function round({ client, peers, keep }: LightSession, show: (block: ProvenBlock) => void): Promise<boolean> {
  let isNews = false
  for (const peer of [...peers]) {
    const block = await reach(peers, peer, () => client.follow(peer))
    if (block === null) continue
    for (const other of [...peers]) if (other !== peer) await reach(peers, other, () => client.crossCheck(other))
    await keep()
    show(block)
    isNews = true
  }
  return isNews
}

/** Lets go of a peer that cannot be reached; null then. */
async function reach<T>(peers: Set<LightPeer>, peer: LightPeer, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof VerifyError) throw lie(error)
    if (!(error instanceof PalaverError)) throw error
    peers.delete(peer)
    note(`${peer.name}: ${error.message}`)
    if (peers.size > 0) return null
    throw new CliError('unreachable', 'no node answers any more', { cause: error, hint: 'name another with --peer' })
  }
}

function lie(error: VerifyError): CliError {
  const hint = 'ask other nodes; if they show two histories, compare a block with someone you trust'
  return new CliError('verification', error.message, { cause: error, hint })
}

/** The proven value of a key, as fresh as the peers can prove. */
export async function read(session: LightSession, key: string): Promise<Extract<Proven, { type: 'kv' }>> {
  const { client, peers, keep } = session
  let problem = 'no-answer'
  for (let tries = 0; tries < READ_TRIES; tries++) {
    await round(session, () => undefined)
    for (const peer of [...peers]) {
      const proven = await reach(peers, peer, () => client.read(peer, key))
      if (proven !== null && 'type' in proven) {
        await keep()
        return proven
      }
      if (proven !== null) problem = proven.problem
    }
    await delay(POLL_MS)
  }
  throw new CliError('not-ready', `no node proves the value of '${key}' now (${problem})`, {
    hint: 'try again, or ask another node',
  })
}
