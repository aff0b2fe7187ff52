/** A testnet for the ATX set: its nodes by number through command line and API, ATXs signed elsewhere, and the set added up anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner, type Signer } from '../../src/crypto/keys.ts'
import type { Hash } from '../../src/domain.ts'
import type { AtxFingerprintView, AtxStatusView, AtxView } from '../../src/node/api/atx-port.ts'
import { readGenesis } from '../../src/node/genesis.ts'
import { type SignedBlob, signAtx, type UnsignedAtx } from '../../src/sync/atx/codec.ts'
import { createAccumulator } from '../../src/sync/set/fingerprint.ts'
import { clientOf, readApiFile } from '../../testnet/node-client.ts'
import { until } from '../helpers/until.ts'
import { json, succeed } from './cli.ts'

/** The API takes a page of so many. */
const PAGE = 100
/** Requests under way at once. */
const AT_ONCE = 32

export type AtxNet = ReturnType<typeof openAtxNet>

/** Makes its homes; every node looks for differences often. */
export async function initAtxNet(dir: string, flags: readonly string[], config: object): Promise<AtxNet> {
  const { nodes } = await json<{ nodes: { home: string }[] }>(['testnet', 'init', '--dir', dir, ...flags])
  for (const { home } of nodes) setConfig(home, config)
  return openAtxNet(dir)
}

export function setConfig(home: string, config: object): void {
  const file = join(home, 'config.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...config }))
}

function openAtxNet(dir: string) {
  const home = (node: number): string => join(dir, `node${node}`)

  function client(node: number) {
    const api = readApiFile(home(node))
    if (api === null) throw new Error(`node${node} does not run`)
    return clientOf(api)
  }

  const status = async (node: number): Promise<AtxStatusView> => client(node).atxStatus()

  async function post(node: number, body: object, bearer: string | null = null): Promise<Response> {
    const token = bearer ?? readFileSync(join(home(node), 'api.token'), 'utf8').trim()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return fetch(`${client(node).url}/v1/atx`, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** Waits until these nodes hold `count` ATXs and their fingerprints are the same. */
  async function agree(nodes: readonly number[], count: number, deadlineMs = 30_000): Promise<AtxFingerprintView> {
    let seen: AtxFingerprintView[] = []
    const all = until(
      async () => {
        seen = (await Promise.all(nodes.map(status))).map(({ fingerprint }) => fingerprint)
        return seen.every((each) => each.count === count && each.strong === seen[0]?.strong)
      },
      deadlineMs,
      `${count} ATXs on nodes ${nodes}`,
    )
    await all.catch((cause) => {
      throw new Error(`nodes ${nodes} hold ${seen.map((each) => each.count)}, not ${count}`, { cause })
    })
    return seen[0] as AtxFingerprintView
  }

  /** All of a node's set, page by page. */
  async function list(node: number): Promise<AtxView[]> {
    const all: AtxView[] = []
    for (;;) {
      const page = await client(node).atxs({ from: all.length, limit: PAGE })
      all.push(...page)
      if (page.length < PAGE) return all
    }
  }

  async function chain(): Promise<Place> {
    const [{ chainId }, { epoch }] = await Promise.all([readGenesis(join(dir, 'genesis.json')), status(0)])
    return { chainId, epoch }
  }

  return {
    dir,
    home,
    client,
    status,
    post,
    agree,
    list,
    cli: (node: number, ...args: string[]) => succeed([...args, '--home', home(node)]),
    /** An ATX of a new publisher, of the present epoch, with some of it changed. */
    async sign(changes: Partial<UnsignedAtx> = {}): Promise<SignedBlob> {
      return signed(changes, await chain(), newSigner())
    },
    /** Publishes ATXs that were signed elsewhere, on these nodes in turn; each is of the present epoch. */
    async publish(nodes: readonly number[], count: number, bodyBytes = 16): Promise<void> {
      const [place, signer] = [await chain(), newSigner()]
      const body = () => Buffer.concat([crypto.getRandomValues(new Uint8Array(16)), Buffer.alloc(bodyBytes - 16)])
      let next = 0
      const work = async (): Promise<void> => {
        for (let i = next++; i < count; i = next++) {
          const { blob } = signed({ body: body() }, place, signer)
          const answer = await post(nodes[i % nodes.length] ?? 0, { blob: Buffer.from(blob).toString('base64') })
          if (answer.status !== 200) throw new Error(`publishing failed: ${await answer.text()}`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    },
    /** The fingerprint of what a node lists, added up by hand. */
    async addedUp(node: number): Promise<Pick<AtxFingerprintView, 'count' | 'xor' | 'strong'>> {
      const sum = createAccumulator('lthash16')
      const ids = (await list(node)).map(({ id }) => id)
      sum.add(Buffer.from(ids.join(''), 'hex'))
      const { count, xor, strong } = sum.fingerprint()
      return { count, xor: hex(xor), strong: strong === null ? null : hex(strong) }
    },
  }
}

type Place = { readonly chainId: Hash; readonly epoch: number }

const newSigner = (): Signer => createSigner(crypto.getRandomValues(new Uint8Array(32)))

function signed(changes: Partial<UnsignedAtx>, { chainId, epoch }: Place, signer: Signer): SignedBlob {
  const first = { publishEpoch: epoch, previous: null, positioning: null, baseTickHeight: 0, tickCount: 1 }
  return signAtx({ ...first, body: Buffer.from('signed elsewhere'), ...changes }, { chainId, signer })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
