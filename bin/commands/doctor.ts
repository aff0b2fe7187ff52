/** `palaver doctor`: looks at each layer of a node in turn and names the ones that fail. */

import { defineCommand } from '../command.ts'
import { diagnose, type Finding } from '../diagnosis.ts'
import { EXIT } from '../errors.ts'
import { NODE_FLAGS } from '../node-access.ts'
import { paint, printData } from '../output.ts'

export const doctor = defineCommand({
  usage: 'doctor',
  summary: 'find the layer that fails: home, key, disk, port, api, clock, peers, atx, dial',
  flags: { ...NODE_FLAGS, peer: { type: 'string', describe: 'multiaddr to dial from the running node' } },
  async run(args) {
    const findings = await diagnose(args)
    const ok = findings.every((finding) => finding.ok)
    printData(args.json, { ok, checks: findings }, ({ checks }) => checks.map(line))
    if (!ok) process.exitCode = EXIT.failure
  },
})

function line({ name, ok, detail }: Finding): string {
  return `${ok ? paint('green', 'ok  ') : paint('red', 'FAIL')} ${name.padEnd(8)} ${detail}`
}
