/** Entries of the committee module in their two forms: protobuf in transactions, JSON for API clients. */
import { Buffer } from 'node:buffer'
import { z } from 'zod'
import type { Hash, PublicKeyHex, RoleName, SessionParams } from '../../domain.ts'
import * as wire from '../../protocols/wire/ledger-committee.gen.ts'
import { LedgerError } from '../errors.ts'
import { refusal } from '../refusals.ts'
import { type Addition, type Change, type CommitteeEntry, MAX_CHANGED_MEMBERS } from './committee-types.ts'

const HASH_BYTES = 32
const MAX_ORG_CHARACTERS = 64
const MAX_U32 = 2 ** 32 - 1
const ROLES: readonly RoleName[] = ['proposer', 'voter']

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters')
// Names reach terminals: nothing that controls or reorders what is shown. The sets are fixed, so that all nodes agree.
const orgName = z
  .string()
  .regex(/^[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+$/u, 'must be printable text')
  .max(MAX_ORG_CHARACTERS)
const weight = z.int().min(1)
const u32 = z.int().min(0).max(MAX_U32)

const PARAM_NAMES = [
  'k',
  'stopOffset',
  'blockIntervalMs',
  'emptyBlockIntervalMs',
  'firstProposalDelayMs',
  'firstProposalLimitMs',
  'voterTimeoutMs',
  'maxVoterTimeoutMs',
  'heartbeatMs',
  'maxBlockBytes',
  'maxClockDriftMs',
] as const satisfies readonly (keyof SessionParams)[]

const roles = z
  .array(z.enum(['proposer', 'voter']))
  .min(1)
  .max(2)
const members = <S extends z.ZodType>(member: S) => z.array(member).max(MAX_CHANGED_MEMBERS).default([])

const changeSchema = z.strictObject({
  add: members(z.strictObject({ key: hex, org: orgName, weight: weight.default(1), roles: roles.optional() })),
  remove: members(hex),
  replace: members(z.strictObject({ old: hex, key: hex, org: orgName, weight: weight.optional() })),
  k: u32.optional(),
  params: z.partialRecord(z.enum(PARAM_NAMES), u32).default({}),
  allowFewer: z.boolean().default(false),
})
const named = z.strictObject({ id: hex })

const SHAPE = '{"propose": {...}}, {"approve": {"id": ID}} or {"withdraw": {"id": ID}}'

/**
 * The payload for an entry as API clients write it: `{propose: {add, remove, replace, k, params, allowFewer}}`,
 * `{approve: {id}}` or `{withdraw: {id}}`. Throws a `LedgerError` `bad-entry` that names what is wrong.
 */
export function encodeCommitteeEntry(input: unknown): Uint8Array {
  const fields = Object.entries(typeof input === 'object' && input !== null ? input : {})
  const [type, value] = fields[0] ?? []
  if (fields.length === 1 && type === 'propose') return encodeProposal(checked(changeSchema, value))
  if (fields.length === 1 && (type === 'approve' || type === 'withdraw')) {
    return wire.CommitteeEntry.encode(message({ [type]: bytes(checked(named, value).id) }))
  }
  throw badEntry(`committee: the payload is ${SHAPE}`)
}

function checked<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badEntry(
    `committee: ${result.error.issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`).join('; ')}`,
  )
}

function encodeProposal({ add, k, params, replace, ...rest }: z.infer<typeof changeSchema>): Uint8Array {
  const change: Change = {
    ...rest,
    add: add.map(({ roles = ROLES, ...member }) => ({ ...member, roles })),
    replace: replace.map(({ weight = null, ...member }) => ({ ...member, weight })),
    params: definedParams(k === undefined ? params : { ...params, k }),
  }
  if (isEmpty(change))
    throw badEntry('committee: the proposal changes nothing: add, remove, replace, or set a parameter')
  return wire.CommitteeEntry.encode(message({ propose: writeChange(change) }))
}

/** The entry of a payload, or what is wrong with it. Only form is checked: rules need the state. */
export function decodeCommitteeEntry(payload: Uint8Array): CommitteeEntry | string {
  try {
    const { propose, approve, withdraw } = wire.CommitteeEntry.decode(payload)
    const given = [propose !== undefined, approve.byteLength > 0, withdraw.byteLength > 0].filter(Boolean).length
    if (given !== 1) return 'committee: an entry proposes, approves or withdraws, one of the three'
    if (approve.byteLength > 0) return { type: 'approve', id: hexOf(approve) }
    if (withdraw.byteLength > 0) return { type: 'withdraw', id: hexOf(withdraw) }
    const change = readChange(propose)
    return isEmpty(change) ? 'committee: the proposal changes nothing' : { type: 'propose', change }
  } catch (error) {
    return `committee: not an encoded CommitteeEntry (${(error as Error).message})`
  }
}

/** The entry as API clients write it. */
export function showCommitteeEntry(entry: CommitteeEntry): unknown {
  return entry.type === 'propose' ? { propose: showChange(entry.change) } : { [entry.type]: { id: entry.id } }
}

function showChange({ add, remove, replace, params, allowFewer }: Change): Record<string, unknown> {
  return {
    ...(add.length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove } : {}),
    ...(replace.length > 0
      ? { replace: replace.map(({ weight, ...rest }) => (weight === null ? rest : { ...rest, weight })) }
      : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(allowFewer ? { allowFewer } : {}),
  }
}

/** A change as a message inside another one. */
export function writeChange({ add, remove, replace, params, allowFewer }: Change): wire.CommitteeChange {
  return {
    add: add.map(({ key, org, weight, roles }) => ({
      ...{ key: bytes(key), org, weight },
      proposer: roles.includes('proposer'),
      voter: roles.includes('voter'),
    })),
    remove: remove.map(bytes),
    replace: replace.map(({ old, key, org, weight }) => ({
      ...{ old: bytes(old), key: bytes(key), org, weight: weight ?? 0 },
    })),
    params: { ...params },
    allowFewer,
  }
}

/** The change of a message. Throws on bad widths and names. */
export function readChange(change: wire.CommitteeChange | undefined): Change {
  if (change === undefined) throw new Error('the change is missing')
  const { add, remove, replace, params, allowFewer } = change
  return {
    add: add.map(readAddition),
    remove: remove.map(hexOf),
    replace: replace.map(({ old, key, org, weight }) => ({
      ...{ old: hexOf(old), key: hexOf(key), org: checkedOrg(org), weight: weight === 0 ? null : weight },
    })),
    params: definedParams(params ?? {}),
    allowFewer,
  }
}

function readAddition({ key, org, weight, proposer, voter }: wire.NewMember): Addition {
  if (!proposer && !voter) throw new Error('a new member has no role')
  if (weight < 1) throw new Error('a new member has no weight')
  const roles = ROLES.filter((role) => (role === 'proposer' ? proposer : voter))
  return { key: hexOf(key), org: checkedOrg(org), weight, roles }
}

function checkedOrg(org: string): string {
  if (!orgName.safeParse(org).success) {
    throw new Error(`an organisation has 1 to ${MAX_ORG_CHARACTERS} printable characters`)
  }
  return org
}

function isEmpty({ add, remove, replace, params }: Change): boolean {
  return add.length + remove.length + replace.length + Object.keys(params).length === 0
}

/** Only the parameters that are set, in one order. */
function definedParams(
  params: { readonly [Name in keyof SessionParams]?: number | undefined },
): Partial<SessionParams> {
  const set = PARAM_NAMES.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]] as const]))
  return Object.fromEntries(set)
}

function message(fields: Partial<wire.CommitteeEntry>): wire.CommitteeEntry {
  return { approve: new Uint8Array(0), withdraw: new Uint8Array(0), ...fields }
}

function bytes(text: PublicKeyHex | Hash): Uint8Array {
  return Buffer.from(text, 'hex')
}

function hexOf(value: Uint8Array): PublicKeyHex | Hash {
  if (value.byteLength !== HASH_BYTES) throw new Error(`keys and ids have ${HASH_BYTES} bytes`)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
}

function badEntry(about: string): LedgerError {
  return new LedgerError('bad-entry', refusal('bad-entry', about).detail)
}
