/** `palaver testnet`: several nodes as processes on this machine. */
import { defineGroup } from '../command.ts'
import { disturbCommands } from './testnet-disturb.ts'
import { lifecycleCommands } from './testnet-lifecycle.ts'
import { run } from './testnet-run.ts'

export const testnet = defineGroup('testnet', 'run several nodes on this machine', [
  run,
  ...lifecycleCommands,
  ...disturbCommands,
])
