/** A block's header as the wire carries it and as everybody else means it: for nodes and for verifiers in a browser. Pure. */
import type { Hash } from '../domain.ts'
import type { Header } from '../protocols/wire/pala.gen.ts'
import type { BlockHeader } from './types.ts'

/** The header that a decoded message states. `readHash` turns 32 bytes into text and throws on another width. */
export function headerOf(m: Header, readHash: (bytes: Uint8Array) => Hash): BlockHeader {
  return {
    version: m.version,
    chainId: readHash(m.chainId),
    sn: { session: m.session, epoch: m.epoch, s: m.s },
    height: m.height,
    sessionCount: m.sessionCount,
    parentHash: readHash(m.parentHash),
    parentSn: { session: m.parentSession, epoch: m.parentEpoch, s: m.parentS },
    proposer: m.proposer,
    timestamp: m.timestamp,
    payloadRoot: readHash(m.payloadRoot),
    certsRoot: readHash(m.certsRoot),
    isStop: m.isStop,
    electionRoot: readHash(m.electionRoot),
    stateHeight: m.stateHeight,
    stateRoot: readHash(m.stateRoot),
  }
}
