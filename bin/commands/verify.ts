/** `palaver verify`: checks a proof file against a genesis file; needs no node, no network and no trust in either. */
import { readFile, stat } from 'node:fs/promises'
import type { VerifiedProof } from '../../src/verify/verify.ts'
import { defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { pairLines, printData } from '../output.ts'
import { asCliError } from '../verification.ts'

/** The largest file that is read. */
const MAX_FILE_BYTES = 64 * 1_024 * 1_024

export const verify = defineCommand({
  usage: 'verify <proof-file>',
  summary: 'check a proof offline',
  flags: {
    'proof-file': {
      type: 'string',
      demandOption: true,
      describe: 'file of `palaver proof` or `palaver kv get --proof`',
    },
    genesis: { type: 'string', demandOption: true, describe: "the network's genesis file" },
    json: { type: 'boolean', describe: 'print JSON' },
  },
  async run({ genesis, json, ...args }) {
    const file = args['proof-file']
    const { readGenesis } = await import('../../src/node/genesis.ts')
    const { text } = await readGenesis(genesis)
    const proof = await readProofFile(file)
    const { verifyProof } = await import('../../src/verify/verify.ts')
    const { verifyEd25519 } = await import('../../src/crypto/ed25519.ts')
    const verified = await verifyProof(proof, text, { verifyEd25519 }).catch((error: unknown) => {
      throw asCliError(error, file)
    })
    printData(json, describe(verified), () => linesOf(verified))
  },
})

async function readProofFile(path: string): Promise<string> {
  const unreadable = (cause: Error): never => {
    throw new CliError('failure', `cannot read ${path}: ${cause.message}`, {
      cause,
      hint: 'name a file made by: palaver proof',
    })
  }
  const { size } = await stat(path).catch(unreadable)
  if (size > MAX_FILE_BYTES) {
    throw new CliError('verification', `${path} has ${size} bytes: it is no proof`, {
      hint: 'name a file made by: palaver proof',
    })
  }
  return readFile(path, 'utf8').catch(unreadable)
}

function describe({ proven, summary }: VerifiedProof) {
  const { sn, signers, weight, threshold } = proven.block.certificate
  const { session, epoch, s: number } = sn
  const members = signers.map(({ key, org }) => ({ key, org }))
  return { valid: true, ...summary, certificate: { session, epoch, number, weight, threshold, signers: members } }
}

function linesOf({ proven, summary }: VerifiedProof): string[] {
  const { sn, signers, weight, threshold } = proven.block.certificate
  const organisations = [...new Set(signers.map(({ org }) => org))].join(', ')
  return [
    claimOf(proven),
    ...pairLines({
      block: `${summary.height}, ${summary.hash}`,
      chain: summary.chainId,
      time: summary.timestamp,
      place: `session ${summary.session}, epoch ${summary.epoch}, number ${summary.number}`,
      certified: `block ${sn.s} of epoch ${sn.epoch} in session ${sn.session}, weight ${weight}, ${threshold} needed`,
      signed: `by ${organisations}`,
    }),
  ]
}

function claimOf(proven: VerifiedProof['proven']): string {
  switch (proven.type) {
    case 'block':
      return 'proven: the block is final'
    case 'tx':
      return `proven: transaction ${proven.txId} is number ${proven.index} of the final block`
    case 'kv': {
      const held =
        proven.value === null ? 'no value' : `the value ${JSON.stringify(new TextDecoder().decode(proven.value))}`
      return `proven: after block ${proven.block.header.stateHeight} there is ${held} under ${JSON.stringify(proven.key)}`
    }
  }
}
