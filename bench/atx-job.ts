/** What a job of the ATX section is given and hands out: each runs in a process of its own, so its time and memory are its own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Suite } from '../src/sync/set/types.ts'

export type JobInput = {
  readonly dir: string
  readonly suite: Suite
  readonly ids: number
  /** Of the side that answers; empty for that side itself. */
  readonly address: string
  readonly list: Uint8Array
  readonly isDeep: boolean
  readonly peers: number
}

/** What a job may tell while it runs. */
export type Ready = (ready: { readonly address: string; readonly list: Uint8Array }) => void
export type Result = Readonly<Record<string, number>>
export type Job = (input: JobInput, ready: Ready, ended: Promise<void>) => Promise<Result>

export type RunningJob = {
  readonly ready: Promise<{ readonly address: string; readonly list: Uint8Array }>
  readonly result: Promise<Result>
  /** For jobs that go on until they are told to end. */
  end(): void
}

type Message = { readonly ready?: { address: string; list: Uint8Array }; readonly result?: Result }

const NO_INPUT: JobInput = {
  dir: '',
  suite: 'lthash16',
  ids: 0,
  address: '',
  list: new Uint8Array(0),
  isDeep: false,
  peers: 1,
}

/** Starts a job by its name. */
export function startJob(job: string, input: Partial<JobInput>): RunningJob {
  const ready = Promise.withResolvers<{ address: string; list: Uint8Array }>()
  const result = Promise.withResolvers<Result>()
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const file = fileURLToPath(new URL(`./atx-jobs${extension}`, import.meta.url))
  // With a young generation as small as nodes have it.
  const execArgv = ['--expose-gc', '--max-semi-space-size=8']
  const child = fork(file, { execArgv, serialization: 'advanced' })
  child.on('message', (message: Message) => {
    if (message.ready !== undefined) ready.resolve(message.ready)
    if (message.result !== undefined) result.resolve(message.result)
  })
  child.on('exit', (code) => {
    const error = new Error(`the job ${job} ended with ${code}`)
    ready.reject(error)
    result.reject(error)
  })
  ready.promise.catch(() => undefined)
  result.promise.catch(() => undefined)
  child.send({ job, input: { ...NO_INPUT, ...input } })
  return { ready: ready.promise, result: result.promise, end: () => void child.send({}) }
}

export const runJob = (job: string, input: Partial<JobInput>): Promise<Result> => startJob(job, input).result
