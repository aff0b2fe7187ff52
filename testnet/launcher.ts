/** Starts, stops and disturbs the real processes of a testnet, and records them in its manifest. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PalaverClient } from '../src/client/client.ts'
import { identifyProcess, isRunning as isAlive, type ProcessIdentity } from '../src/node/process-identity.ts'
import { TestnetError } from './errors.ts'
import { freePorts } from './free-ports.ts'
import { homeOf, logOf, type NodeEntry, nodeOf, readManifest, updateNode, updateProxy } from './manifest.ts'
import { clientOf, readApiFile } from './node-client.ts'
import { endProcess, signal as sendSignal, waitForEnd } from './processes.ts'

/** A node must be ready within this time (CONTRACT). */
export const READY_DEADLINE_MS = 30_000
/** A clean stop takes at most 5 s; then the process is killed. */
const STOP_PATIENCE_MS = 8_000
const PROXY_DEADLINE_MS = 10_000
const POLL_MS = 50
/** As in the first line of `bin/palaver.ts`: V8's nursery would grow to 128 MiB on a machine with much memory. */
const NODE_FLAGS = ['--max-semi-space-size=8']

/** The `palaver` command, in the same form (sources or built) as this file. */
function commandPath(): string {
  return fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../bin/palaver.ts' : '../bin/palaver.js', import.meta.url),
  )
}

/** Starts `palaver ARGS` in its own session with its output appended to a file, so that it outlives this process. */
function launch(args: readonly string[], logFile: string): ProcessIdentity {
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(process.execPath, [...NODE_FLAGS, commandPath(), ...args], {
      detached: true,
      stdio: ['ignore', log, log],
    })
    child.on('error', () => undefined)
    child.unref()
    const identity = child.pid === undefined ? null : identifyProcess(child.pid)
    if (identity === null) throw new TestnetError('not-running', `could not start palaver ${args[0]}; see ${logFile}`)
    return identity
  } finally {
    closeSync(log)
  }
}

/** Starts the link proxy and resolves once it takes commands. */
export async function startProxy(dir: string): Promise<void> {
  const { nodes } = readManifest(dir)
  const inner = await freePorts(nodes.length)
  for (const node of nodes) updateNode(dir, node.index, { innerPort: inner[node.index] ?? null })
  const logFile = join(dir, 'proxy.log')
  const started = launch(['testnet', 'proxy', dir], logFile)
  for (let waited = 0; readManifest(dir).proxy?.process.pid !== started.pid; waited += POLL_MS) {
    if (waited > PROXY_DEADLINE_MS || !isAlive(started)) {
      await endProcess(started, STOP_PATIENCE_MS)
      throw new TestnetError('proxy-failed', `the link proxy did not start; see ${logFile}`)
    }
    await delay(POLL_MS)
  }
}

/** Starts a node's process. Throws `running` when it runs already. */
export function startNode(dir: string, index: number): NodeEntry {
  const node = nodeOf(readManifest(dir), index)
  if (isRunning(node))
    throw new TestnetError(
      'running',
      `node${index} runs already (pid ${node.process?.pid}); see: palaver testnet status ${dir}`,
    )
  const home = homeOf(dir, node)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  // What an ended process left must not be taken for the new one's.
  rmSync(join(home, 'api.json'), { force: true })
  const behindProxy =
    node.innerPort === null ? [] : ['--listen', loopback(node.innerPort), '--announce', loopback(node.p2pPort)]
  const started = launch(['start', '--home', home, ...behindProxy], logOf(dir, node))
  return updateNode(dir, index, { process: started, apiUrl: null })
}

function loopback(port: number): string {
  return `/ip4/127.0.0.1/tcp/${port}`
}

/** Whether the manifest's process for this node is alive. */
export function isRunning(node: NodeEntry): boolean {
  return node.process !== null && isAlive(node.process)
}

/** Resolves with a client once the node is ready. Throws `not-ready` naming the node, what is missing, and its log. */
export async function waitUntilReady(dir: string, index: number, signal?: AbortSignal): Promise<PalaverClient> {
  const node = nodeOf(readManifest(dir), index)
  let missing = 'its API does not answer'
  for (let waited = 0; waited < READY_DEADLINE_MS && isRunning(node) && !signal?.aborted; waited += POLL_MS) {
    const client = nodeClient(dir, node)
    const outcome = client === null ? null : await client.readiness().catch(() => null)
    if (client !== null && outcome?.ready) {
      updateNode(dir, index, { apiUrl: client.url })
      return client
    }
    if (outcome !== null)
      missing = outcome.checks
        .filter((check) => !check.ok)
        .map((check) => `${check.name}: ${check.detail}`)
        .join('; ')
    await delay(POLL_MS)
  }
  if (signal?.aborted) throw new TestnetError('interrupted', 'interrupted before all nodes were ready')
  const why = isRunning(node)
    ? `not ready within ${READY_DEADLINE_MS / 1_000} s (${missing})`
    : `ended: ${lastWords(logOf(dir, node))}`
  throw new TestnetError('not-ready', `node${index} ${why}; see: palaver testnet logs ${dir} ${index}`)
}

/** Why a node ended, by what it printed: its last line of complaint, else its last line. */
export function lastWords(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    return lines.findLast((line) => line.startsWith('palaver:')) ?? lines.at(-1) ?? ''
  } catch {
    return 'no output'
  }
}

/** A client of the process that the manifest names, or null while it has no API. */
export function nodeClient(dir: string, node: NodeEntry): PalaverClient | null {
  const api = readApiFile(homeOf(dir, node))
  return api === null || api.pid !== node.process?.pid ? null : clientOf(api)
}

/** Ends a node cleanly; kills it when it does not end in time. */
export async function stopNode(dir: string, index: number): Promise<void> {
  const node = nodeOf(readManifest(dir), index)
  if (node.process !== null) await endProcess(node.process, STOP_PATIENCE_MS)
  updateNode(dir, index, { process: null, apiUrl: null })
}

/** Kills a node at once (SIGKILL). Throws `not-running`. */
export async function killNode(dir: string, index: number): Promise<void> {
  const identity = signalNode(dir, index, 'SIGKILL')
  await waitForEnd(identity, STOP_PATIENCE_MS)
  updateNode(dir, index, { process: null, apiUrl: null })
}

/** Freezes a node (SIGSTOP): its connections stay open and silent. Throws `not-running`. */
export function pauseNode(dir: string, index: number): void {
  signalNode(dir, index, 'SIGSTOP')
}

/** Lets a frozen node continue. Throws `not-running`. */
export function resumeNode(dir: string, index: number): void {
  signalNode(dir, index, 'SIGCONT')
}

function signalNode(dir: string, index: number, name: NodeJS.Signals): ProcessIdentity {
  const { process: identity } = nodeOf(readManifest(dir), index)
  if (identity === null || !sendSignal(identity, name)) {
    throw new TestnetError(
      'not-running',
      `node${index} does not run; start it with: palaver testnet restart ${dir} ${index}`,
    )
  }
  return identity
}

/** Ends every process of the testnet, and only those. */
export async function stopAll(dir: string): Promise<void> {
  const { nodes, proxy } = readManifest(dir)
  await Promise.all(nodes.flatMap(({ process: run }) => (run === null ? [] : [endProcess(run, STOP_PATIENCE_MS)])))
  for (const { index } of nodes) updateNode(dir, index, { process: null, apiUrl: null, innerPort: null })
  if (proxy !== null) await endProcess(proxy.process, STOP_PATIENCE_MS)
  updateProxy(dir, null)
}
