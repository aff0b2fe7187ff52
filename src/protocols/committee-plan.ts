/** A committee and its parameters on the wire: what elections, proofs and the ledger write alike. Readers throw on a bad width. */
import { fromString } from 'uint8arrays/from-string'
import { toString as toText } from 'uint8arrays/to-string'
import type { CommitteePlan, Member } from '../domain.ts'
import * as wire from './wire/committee.gen.ts'

const KEY_BYTES = 32
const MAX_ORG_CHARACTERS = 64

function writeMember({ key, org, weight }: Member): wire.Member {
  return { key: fromString(key, 'base16'), org, weight }
}

function readMember({ key, org, weight }: wire.Member): Member {
  if (key.byteLength !== KEY_BYTES) throw new Error(`a key has ${KEY_BYTES} bytes, not ${key.byteLength}`)
  if (org.length > MAX_ORG_CHARACTERS) throw new Error(`an organisation has at most ${MAX_ORG_CHARACTERS} characters`)
  return { key: toText(key, 'base16'), org, weight }
}

/** The plan as a message inside another one. */
export function writePlan({ proposers, voters, params }: CommitteePlan): wire.CommitteePlan {
  return { proposers: proposers.map(writeMember), voters: voters.map(writeMember), params: { ...params } }
}

/** The plan of a message. Its rules (P16.2) are not checked here. */
export function readPlan(message: wire.CommitteePlan | undefined): CommitteePlan {
  const params = message?.params
  if (message === undefined || params === undefined) throw new Error('a committee plan is missing')
  const { proposers, voters } = message
  return { proposers: proposers.map(readMember), voters: voters.map(readMember), params: { ...params } }
}

/** One plan, one byte form: equal plans have equal bytes. */
export function encodePlan(plan: CommitteePlan): Uint8Array {
  return wire.CommitteePlan.encode(writePlan(plan))
}

/** Parses {@link encodePlan}'s bytes. Throws on anything else. */
export function decodePlan(bytes: Uint8Array): CommitteePlan {
  return readPlan(wire.CommitteePlan.decode(bytes))
}
