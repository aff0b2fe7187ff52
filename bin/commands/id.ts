/** `palaver id`: who this node is and where it listens; works whether it runs or not. */
import { resolveHome } from '../../src/node/config.ts'
import { openHome } from '../../src/node/home.ts'
import { inspectKeystore, readKeystore } from '../../src/node/keystore.ts'
import { peerIdFromPublicKeyHex } from '../../src/protocols/peer-ids.ts'
import { addressesOf } from '../addresses.ts'
import { defineCommand } from '../command.ts'
import { HOME_FLAG } from '../node-access.ts'
import { pairLines, printData } from '../output.ts'

export const id = defineCommand({
  usage: 'id',
  summary: 'peer id, public key, listen addresses',
  flags: { ...HOME_FLAG, json: { type: 'boolean', describe: 'print JSON' } },
  async run(args) {
    const { home, key } = await openHome(resolveHome(args.home))
    const { publicKey } = inspectKeystore(await readKeystore(key))
    const peerId = peerIdFromPublicKeyHex(publicKey)
    printData(args.json, { peerId, publicKey, listen: addressesOf(home, peerId) }, ({ listen }) => [
      ...pairLines({ peerId, publicKey }),
      ...listen.map((address) => `listen     ${address}`),
    ])
  },
})
