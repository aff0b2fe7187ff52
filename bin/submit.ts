/** Submitting entries and saying what became of them: shared by the commands that do. */
import type { FinalPosition, PalaverClient } from '../src/client/client.ts'
import { ApiError } from '../src/client/errors.ts'
import type { EntryInput, TxResult } from '../src/node/api/node-port.ts'
import { parseDuration } from './durations.ts'
import { CliError } from './errors.ts'
import { printData } from './output.ts'

export const WAIT_FLAGS = {
  wait: { type: 'boolean', describe: 'return once the transaction is final' },
  timeout: { type: 'string', default: '30s', describe: 'how long --wait waits' },
} as const

export type SubmitArgs = {
  readonly wait?: boolean | undefined
  readonly timeout: string
  readonly json?: boolean | undefined
}

/** Submits the entries as one transaction and prints its id, or with `wait` its final position. */
export async function submitEntries(
  client: PalaverClient,
  entries: readonly EntryInput[],
  args: SubmitArgs,
): Promise<void> {
  if (!args.wait) {
    parseDuration(args.timeout, '--timeout')
    const answer = await (entries.length === 1 && entries[0] ? client.submit(entries[0]) : client.submitMany(entries))
    printData(args.json, answer, ({ txId }) => [txId])
    return
  }
  const position = await finalPosition(client, entries, args)
  printData(args.json, position, ({ txId, height, blockHash }) => [
    `${txId} final at height ${height} in block ${blockHash}`,
  ])
  if (!position.result.ok) {
    throw new CliError('failure', `the transaction is final but had no effect: ${refusalText(position.result)}`, {
      hint: `see: palaver tx show ${position.txId}`,
    })
  }
}

/** Why entries had no effect: the codes, with the reasons that modules gave. */
export function refusalText({ entries }: TxResult): string {
  const texts = entries.flatMap(({ code, detail }) =>
    code === undefined ? [] : [detail ? `${code}: ${detail}` : code],
  )
  return texts.join(', ') || 'refused'
}

/** Submits the entries as one transaction and waits until it is final. Throws `not-ready` when it is not in time. */
export async function finalPosition(
  client: PalaverClient,
  entries: readonly EntryInput[],
  { timeout }: SubmitArgs,
): Promise<FinalPosition> {
  const timeoutMs = parseDuration(timeout, '--timeout')
  try {
    return await (entries.length === 1 && entries[0]
      ? client.propose(entries[0], { timeoutMs })
      : client.proposeMany(entries, { timeoutMs }))
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'timeout') throw error
    const txId = String(error.problem.txId ?? 'TX_ID')
    throw new CliError('not-ready', `transaction ${txId} was not final within ${timeoutMs} ms`, {
      cause: error,
      hint: `it stays pending; see: palaver tx show ${txId}, palaver status`,
    })
  }
}
