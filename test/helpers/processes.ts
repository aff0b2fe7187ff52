/** Runs the `palaver` command as a process: from its sources for unit tests, built for end-to-end tests. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export type Finished = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A process under way with what it printed so far. */
export interface Running {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves with the first line of stdout that matches. */
  line(pattern: RegExp, deadlineMs?: number): Promise<string>
  finished: Promise<Finished>
}

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly form?: 'source' | 'built'
  readonly cwd?: string
}

const children = new Set<ChildProcess>()

/** Starts `palaver ARGS`. End it with `endAll` at the latest. */
export function startPalaver(args: readonly string[], options: RunOptions = {}): Running {
  const entry = join(ROOT, options.form === 'built' ? 'dist/bin/palaver.js' : 'bin/palaver.ts')
  const env = { ...process.env, NO_COLOR: '1', ...options.env }
  const child = spawn(process.execPath, [entry, ...args], {
    env,
    cwd: options.cwd ?? tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  children.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const finished = once(child, 'close').then(([code, signal]: unknown[]): Finished => {
    children.delete(child)
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr }
  })
  const line = (pattern: RegExp, deadlineMs = 20_000): Promise<string> =>
    until(
      () => stdout.split('\n').find((each) => pattern.test(each)),
      deadlineMs,
      `a line like ${pattern} (stderr: ${stderr.slice(-2_000)})`,
    )
  return { child, stdout: () => stdout, stderr: () => stderr, line, finished }
}

/** Runs `palaver ARGS` to its end. */
export function palaver(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return startPalaver(args, options).finished
}

/** Kills what a test left running. */
export async function endAll(): Promise<void> {
  await Promise.all(
    Array.from(children, async (child) => {
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    }),
  )
}

const folders: string[] = []

/** A new temporary folder, removed by `removeFolders`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'palaver-test-'))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** Builds `dist` when a source is newer than it. Call it once before end-to-end tests. */
export function ensureBuilt(): void {
  const built = join(ROOT, 'dist/bin/palaver.js')
  const sources = ['src', 'bin', 'testnet'].map((folder) => newestIn(join(ROOT, folder)))
  const stamp = join(ROOT, 'dist')
  if (existsSync(built) && newestIn(stamp) >= Math.max(...sources)) return
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'pipe',
  })
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs))
}
