/** `/v1/tx`: submitting transactions, waiting for their finality, looking them up. */
import type { Hash, Millis } from '../../domain.ts'
import { RequestError } from './errors.ts'
import type { EntryInput, NodePort } from './node-port.ts'
import type { Operations } from './operation.ts'
import { txIdParams } from './parameters.ts'
import { createProblem, sendProblem, statusOfCode } from './problem.ts'
import {
  type SubmitAnswer,
  submitAnswerSchema,
  submitBatchRequestSchema,
  submitRawRequestSchema,
  submitRawsAnswerSchema,
  submitRawsRequestSchema,
  submitRequestSchema,
  txSchema,
} from './schemas.ts'

const DEFAULT_WAIT_MS = 30_000
/** Statuses of the ledger's refusals. */
const REFUSALS = [409, 413, 503]

export function addTransactions(operations: Operations): void {
  addSubmit(operations)
  addSubmitRaw(operations)
  const { node, add } = operations
  add(
    {
      method: 'GET',
      path: '/v1/tx/:id',
      summary: 'What became of a transaction',
      params: txIdParams,
      answer: txSchema,
      problems: [404],
    },
    async ({ params }) => {
      const view = await node.transaction(params.id)
      if (view !== null) return view
      throw new RequestError('not-found', `this node knows no transaction ${params.id}; it may not have arrived yet`)
    },
  )
}

function addSubmit({ node, add }: Operations): void {
  add(
    {
      method: 'POST',
      path: '/v1/tx',
      summary: "Submit one entry, signed with the node's key",
      description: 'With `wait: "final"` it answers after finality; a `timeout` problem then holds the `txId`.',
      body: submitRequestSchema,
      answer: submitAnswerSchema,
      problems: [...REFUSALS, 504],
      isMutating: true,
    },
    ({ body: { module, payload, ...wait } }) => submit(node, [{ module, payload }], wait),
  )
  add(
    {
      method: 'POST',
      path: '/v1/tx/batch',
      summary: "Submit many entries under one signature of the node's key",
      description: 'The entries take effect together, or none does.',
      body: submitBatchRequestSchema,
      answer: submitAnswerSchema,
      problems: [...REFUSALS, 504],
      isMutating: true,
    },
    ({ body: { entries, ...wait } }) => submit(node, entries, wait),
  )
}

function addSubmitRaw({ node, add }: Operations): void {
  add(
    {
      method: 'POST',
      path: '/v1/tx/raw',
      summary: 'Submit a transaction that is already signed, in base64',
      body: submitRawRequestSchema,
      answer: submitAnswerSchema,
      problems: REFUSALS,
      isMutating: true,
    },
    async ({ body, reply }) => {
      const [outcome] = await node.submitRaw([decodeBase64(body.tx)])
      if (outcome === undefined || 'txId' in outcome) return outcome
      const problem = createProblem(statusOfCode(outcome.code) ?? 400, outcome.code, outcome.detail)
      return sendProblem(reply, problem)
    },
  )
  add(
    {
      method: 'POST',
      path: '/v1/txs/raw',
      summary: 'Submit many transactions that are already signed, in base64',
      body: submitRawsRequestSchema,
      answer: submitRawsAnswerSchema,
      isMutating: true,
    },
    ({ body }) => node.submitRaw(body.txs.map(decodeBase64)),
  )
}

type Wait = { readonly wait?: 'none' | 'final' | undefined; readonly timeoutMs?: Millis | undefined }

async function submit(
  node: NodePort,
  entries: readonly EntryInput[],
  { wait, timeoutMs = DEFAULT_WAIT_MS }: Wait,
): Promise<SubmitAnswer> {
  const txId = await node.submit(entries)
  return wait === 'final' ? waitForFinal(node, txId, timeoutMs) : { txId }
}

async function waitForFinal(node: NodePort, txId: Hash, timeoutMs: Millis): Promise<SubmitAnswer> {
  const { status, height, blockHash, index, result, reason } = await node.waitForFinal(txId, timeoutMs)
  if (status === 'final' && height !== null && blockHash !== null && result !== null)
    return { txId, height, blockHash, index: index ?? 0, result }
  if (status === 'failed') {
    const why = reason?.detail ?? 'the node gave no reason'
    throw new RequestError('tx-failed', `transaction ${txId} will never be final: ${why}`, { txId, reason })
  }
  throw new RequestError(
    'timeout',
    `transaction ${txId} is not final after ${timeoutMs} ms: it stays pending; look at /v1/tx/${txId}`,
    { txId },
  )
}

/** The schema checked the alphabet; a length that is no multiple of 4 was cut off. */
function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0)
    throw new RequestError('invalid-request', 'tx must be standard base64 with padding: its length is no multiple of 4')
  return Buffer.from(text, 'base64')
}
