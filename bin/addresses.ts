/** `HOME/addresses.json`: where a running node listens, for `palaver id` and people who want to connect to it. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '../src/node/atomic-file.ts'
import { readConfigFile } from '../src/node/config.ts'
import { identifyProcess } from '../src/node/process-identity.ts'

const FILE = 'addresses.json'

type AddressFile = { readonly pid: number; readonly listen: readonly string[] }

/** Records the addresses of this process's node. */
export async function writeAddresses(home: string, listen: readonly string[]): Promise<void> {
  await writeFileAtomic(join(home, FILE), `${JSON.stringify({ pid: process.pid, listen })}\n`)
}

export function removeAddresses(home: string): void {
  rmSync(join(home, FILE), { force: true })
}

/** The addresses of the node that runs in the home; else those it is configured with, which may leave the port open. */
export function addressesOf(home: string, peerId: string): string[] {
  const live = readLive(home)
  if (live !== null) return [...live.listen]
  const { announce = [], listen = [] } = readConfigFile(home)
  return (announce.length > 0 ? announce : listen).map((address) =>
    address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`,
  )
}

function readLive(home: string): AddressFile | null {
  try {
    const file = JSON.parse(readFileSync(join(home, FILE), 'utf8')) as AddressFile
    return identifyProcess(file.pid) === null ? null : file
  } catch {
    return null
  }
}
