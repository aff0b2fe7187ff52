/** The library: compose and start a node inside this process. Clients of a running node use `palaver/client`. */

export type { ConfigValues } from './node/config-schema.ts'
export { DEFAULTS } from './node/config-schema.ts'
export { createGenesis, parseGenesis } from './node/genesis.ts'
export { createNodeHome } from './node/home-creation.ts'
export { createSeed } from './node/keystore.ts'
export { type NodeOptions, type PalaverNode, startNode } from './node/node.ts'
