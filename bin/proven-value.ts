/** `palaver kv get --proof`: asks for a value with its proof, and believes the proof alone. */
import { writeFile } from 'node:fs/promises'
import { verifyEd25519 } from '../src/crypto/ed25519.ts'
import { resolveHome } from '../src/node/config.ts'
import { readGenesis } from '../src/node/genesis.ts'
import { homePaths } from '../src/node/home.ts'
import type { ProofDocument } from '../src/verify/file.ts'
import { verifyProof } from '../src/verify/verify.ts'
import { CliError } from './errors.ts'
import { type NodeArgs, reachNode } from './node-access.ts'
import { note } from './output.ts'
import { asCliError } from './verification.ts'

type ProvenArgs = NodeArgs & {
  readonly key: string
  readonly out?: string | undefined
  readonly genesis?: string | undefined
}

/** What a key held after block `height`. */
export type ProvenValue = {
  readonly key: string
  readonly value: string | null
  readonly height: number
  readonly proof: ProofDocument
}

/** Fetches and checks; writes the proof to `--out`. Throws `verification` for a proof that does not show it. */
export async function provenValue(args: ProvenArgs): Promise<ProvenValue> {
  const { key, out } = args
  const { text: genesis } = await readGenesis(args.genesis ?? homePaths(resolveHome(args.home)).genesis)
  const { proof } = await reachNode(args).kvGet(key, { proof: true })
  if (proof === undefined) throw unproven(`the node gave no proof of '${key}'`)
  const text = `${JSON.stringify(proof, null, 2)}\n`
  const { proven, summary } = await verifyProof(text, genesis, { verifyEd25519 }).catch((error: unknown) => {
    throw asCliError(error, "the node's answer")
  })
  if (proven.type !== 'kv' || proven.key !== key) throw unproven(`the node proved something else than '${key}'`)
  if (out !== undefined) await write(out, text)
  const { stateHeight, stateRoot } = proven.block.header
  const claim = proven.value === null ? 'that there is no value' : 'the value'
  note(
    `proven: ${claim} after block ${stateHeight}, under the state root ${stateRoot} in final block ${summary.height}`,
  )
  return { key, value: summary.value ?? null, height: stateHeight, proof }
}

function unproven(message: string): CliError {
  return new CliError('verification', message, { hint: 'do not rely on it; ask another node' })
}

async function write(out: string, text: string): Promise<void> {
  await writeFile(out, text).catch((cause: Error) => {
    throw new CliError('failure', `cannot write ${out}: ${cause.message}`, { cause, hint: 'choose another --out' })
  })
  note(`written to ${out}; anyone with the genesis checks it: palaver verify ${out} --genesis genesis.json`)
}
