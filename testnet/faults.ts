/** A seeded schedule of faults for a testnet run, and carrying it out. Never more than f nodes are down at a time. */
import { setTimeout as delay } from 'node:timers/promises'
import { TestnetError } from './errors.ts'
import { killNode, pauseNode, resumeNode, startNode, stopNode } from './launcher.ts'
import { HEALED, type Links } from './links.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { askProxy, commandProxy } from './proxy-process.ts'
import { createRandom, type Random } from './random.ts'

export const FAULT_KINDS = ['kill', 'pause', 'partition', 'restart'] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** One disturbance: what happens when, to whom, and for how long. Times in milliseconds from the start of the run. */
export type Fault = { readonly atMs: number; readonly forMs: number } & (
  | { readonly kind: 'kill' | 'pause' | 'restart'; readonly nodes: readonly number[] }
  | { readonly kind: 'partition'; readonly groups: readonly (readonly number[])[] }
)

export type ScheduleOptions = {
  readonly seed: number
  readonly kinds: readonly FaultKind[]
  readonly nodes: number
  /** How many nodes may be down at once. */
  readonly f: number
  readonly durationMs: number
}

/** First fault, and pauses between faults: time to see the testnet work undisturbed. */
const CALM_MS = 3_000
/** No fault begins or lasts within this time before the end, so that the run ends healed. */
const HEALING_MS = 6_000
const MIN_FAULT_MS = 1_500
const MAX_FAULT_MS = 5_000

/** Faults in order of time, one after the other. The kinds take turns so that each occurs in a run of some length. */
export function createSchedule({ seed, kinds, nodes, f, durationMs }: ScheduleOptions): Fault[] {
  const random = createRandom(seed)
  const faults: Fault[] = []
  let atMs = Math.min(CALM_MS, durationMs / 6)
  for (let turn = 0; kinds.length > 0; turn++) {
    const kind = kinds[turn % kinds.length] ?? 'kill'
    const forMs = Math.round(MIN_FAULT_MS + random.next() * (MAX_FAULT_MS - MIN_FAULT_MS))
    if (atMs + forMs > durationMs - Math.min(HEALING_MS, durationMs / 3)) return faults
    faults.push(
      kind === 'partition'
        ? { kind, atMs, forMs, groups: splitNodes(random, nodes) }
        : { kind, atMs, forMs, nodes: shuffled(random, nodes).slice(0, 1 + random.below(Math.max(1, f))) },
    )
    atMs += forMs + CALM_MS
  }
  return faults
}

function shuffled(random: Random, nodes: number): number[] {
  const left = Array.from({ length: nodes }, (_, index) => index)
  return Array.from({ length: nodes }, () => left.splice(random.below(left.length), 1)[0] ?? 0)
}

function splitNodes(random: Random, nodes: number): number[][] {
  const order = shuffled(random, nodes)
  const cut = 1 + random.below(Math.max(1, nodes - 1))
  return [order.slice(0, cut), order.slice(cut)].map((group) => group.sort((a, b) => a - b))
}

/** A line for people. */
export function describeFault(fault: Fault): string {
  const whom =
    fault.kind === 'partition'
      ? fault.groups.map((group) => group.join(',')).join('/')
      : fault.nodes.map((n) => `node${n}`).join(', ')
  return `${fault.kind} ${whom} for ${(fault.forMs / 1_000).toFixed(1)} s`
}

export type FaultRun = {
  readonly dir: string
  readonly faults: readonly Fault[]
  readonly signal: AbortSignal
  readonly onFault: (fault: Fault) => void
}

/** Carries the schedule out; each fault is healed before the next. Resolves with how many happened; an abort ends early, healed. */
export async function runFaults({ dir, faults, signal, onFault }: FaultRun): Promise<number> {
  let happened = 0
  let elapsedMs = 0
  for (const fault of faults) {
    await sleep(fault.atMs - elapsedMs, signal)
    if (signal.aborted) break
    onFault(fault)
    happened += 1
    await applyFault(dir, fault, signal)
    elapsedMs = fault.atMs + fault.forMs
  }
  return happened
}

async function applyFault(dir: string, fault: Fault, signal: AbortSignal): Promise<void> {
  if (fault.kind === 'partition') {
    await setLinks(dir, { ...HEALED, groups: fault.groups })
    await sleep(fault.forMs, signal)
    await setLinks(dir, HEALED)
    return
  }
  for (const node of fault.nodes) {
    if (fault.kind === 'kill') await killNode(dir, node)
    else if (fault.kind === 'pause') pauseNode(dir, node)
    else await stopNode(dir, node)
  }
  if (fault.kind !== 'restart') await sleep(fault.forMs, signal)
  for (const node of fault.nodes) {
    if (fault.kind === 'pause') resumeNode(dir, node)
    else startNode(dir, node)
  }
  if (fault.kind === 'restart') await sleep(fault.forMs, signal)
}

/** Commands the testnet's proxy. Throws `no-proxy` when it was started without one. */
export async function setLinks(dir: string, links: Links): Promise<void> {
  await commandProxy(requiredProxy(dir, readManifest(dir)), links)
}

/** Changes the links as they are now. */
export async function changeLinks(dir: string, change: (links: Links) => Links): Promise<void> {
  await setLinks(dir, change(await askProxy(requiredProxy(dir, readManifest(dir)))))
}

function requiredProxy(dir: string, { proxy }: Manifest): NonNullable<Manifest['proxy']> {
  if (proxy !== null) return proxy
  throw new TestnetError(
    'no-proxy',
    `this testnet runs without link proxies; start it with: palaver testnet start ${dir}`,
  )
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => undefined)
}
