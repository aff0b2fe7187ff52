/** The built `palaver` command for end-to-end tests: run it, expect success, read its JSON. */
import { type Finished, palaver, type Running, type RunOptions, startPalaver } from '../helpers/processes.ts'

/** Runs the built command to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return palaver(args, { ...options, form: 'built' })
}

/** Runs the built command and fails unless it exits 0. */
export async function succeed(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(args, options)
  if (code !== 0) throw new Error(`palaver ${args.join(' ')} exited ${code}:\n${stderr}${stdout}`)
  return stdout
}

/** Runs the built command with --json and gives its one document. */
export async function json<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
  return JSON.parse(await succeed([...args, '--json'], options)) as T
}

/** Starts the built command. */
export function begin(args: readonly string[], options: RunOptions = {}): Running {
  return startPalaver(args, { ...options, form: 'built' })
}
