/** The node's API from its first moment to its last: one server, behind which the node may become another. */
import { required } from '../assert.ts'
import type { NodePort } from './api/node-port.ts'
import { type Api, createApi } from './api/server.ts'
import { parseHostPort } from './config-schema.ts'
import { ensureApiToken, type HomePaths, removeApiFile, writeApiFile } from './home.ts'
import type { Logger } from './log.ts'

export type ApiDoorOptions = {
  readonly paths: HomePaths
  /** `HOST:PORT`, checked. */
  readonly address: string
  readonly allowedHosts: readonly string[]
  readonly logger: Logger
}

export interface ApiDoor {
  /** Serves `node` from now on; opens the API at the first call. Resolves with its URL. */
  serve(node: NodePort): Promise<string>
  close(): Promise<void>
}

/** A closed door. */
export function createApiDoor({ paths, address, allowedHosts, logger }: ApiDoorOptions): ApiDoor {
  let current: NodePort | null = null
  let api: Api | null = null

  async function open(node: NodePort): Promise<Api> {
    const { host, port } = required(parseHostPort(address), 'the configuration checked the address of the API')
    const token = await ensureApiToken(paths)
    const behind = new Proxy(node, { get: (_, name) => Reflect.get(current ?? node, name) as unknown })
    const opened = await createApi({ node: behind, token, host, port, allowedHosts, logger })
    api = opened
    await writeApiFile(paths, opened.url)
    return opened
  }

  return {
    async serve(node) {
      current = node
      return (api ?? (await open(node))).url
    },
    async close() {
      const open = api
      api = null
      if (open === null) return
      await removeApiFile(paths)
      await open.close()
    },
  }
}
