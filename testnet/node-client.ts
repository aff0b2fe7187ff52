/** Finds a node's API through its home: `api.json` names the address, the token file and the process. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type PalaverClient } from '../src/client/client.ts'

/** What `start` writes to `HOME/api.json`. */
export type ApiFile = { readonly url: string; readonly tokenFile: string; readonly pid: number }

/** The home's `api.json`, or null when there is none (the node never ran, or ended cleanly). */
export function readApiFile(home: string): ApiFile | null {
  try {
    return JSON.parse(readFileSync(join(home, 'api.json'), 'utf8')) as ApiFile
  } catch {
    return null
  }
}

/** A client with the token of that home. */
export function clientOf(api: ApiFile): PalaverClient {
  return createClient({ url: api.url, token: readToken(api.tokenFile) })
}

/** The API token in a file, or undefined when it cannot be read: reading calls work without it. */
export function readToken(tokenFile: string): string | undefined {
  try {
    return readFileSync(tokenFile, 'utf8').trim()
  } catch {
    return undefined
  }
}
