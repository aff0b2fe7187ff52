/** The arguments of `palaver committee`: members, parameters and proposal ids as people type them. */
import type { PublicKeyHex } from '../src/domain.ts'
import { publicKeyHexFromPeerId } from '../src/protocols/peer-ids.ts'
import { CliError } from './errors.ts'

export const CHANGE_FLAGS = {
  add: {
    type: 'string',
    array: true,
    describe: 'KEY,ORG[,weight=N][,role=voter|proposer] to add; KEY is a public key or a peer id; may be repeated',
  },
  remove: { type: 'string', array: true, describe: 'KEY of a member to remove; may be repeated' },
  replace: {
    type: 'string',
    array: true,
    describe: 'OLD_KEY,NEW_KEY,ORG: a new key in the same seats; may be repeated',
  },
  k: { type: 'number', describe: 'blocks above a block that make it final' },
  'timeout-ms': { type: 'number', describe: "the voters' patience (voterTimeoutMs)" },
  'stop-offset': { type: 'number', describe: 'blocks after which a session ends at the latest; 0: only by a change' },
  set: { type: 'string', array: true, describe: 'PARAMETER=NUMBER, e.g. emptyBlockIntervalMs=500; may be repeated' },
  'allow-fewer': { type: 'boolean', describe: 'fewer than 4 voters are meant' },
} as const

export type ChangeArgs = {
  readonly add?: readonly string[] | undefined
  readonly remove?: readonly string[] | undefined
  readonly replace?: readonly string[] | undefined
  readonly k?: number | undefined
  readonly 'timeout-ms'?: number | undefined
  readonly 'stop-offset'?: number | undefined
  readonly set?: readonly string[] | undefined
  readonly 'allow-fewer'?: boolean | undefined
}

/** The payload of an entry `propose`. Throws `usage`. */
export function parseChange(args: ChangeArgs): { readonly propose: Readonly<Record<string, unknown>> } {
  const params = Object.fromEntries([
    ...(args.set ?? []).map(parseParameter),
    ...(args['timeout-ms'] === undefined ? [] : [['voterTimeoutMs', args['timeout-ms']] as const]),
    ...(args['stop-offset'] === undefined ? [] : [['stopOffset', args['stop-offset']] as const]),
    ...(args.k === undefined ? [] : [['k', args.k] as const]),
  ])
  const change = {
    add: (args.add ?? []).map(parseAddition),
    remove: (args.remove ?? []).map(parseKey),
    replace: (args.replace ?? []).map(parseReplacement),
    params,
  }
  const count = change.add.length + change.remove.length + change.replace.length + Object.keys(params).length
  if (count === 0) {
    throw new CliError('usage', 'the proposal changes nothing', {
      hint: 'palaver committee propose --add KEY,ORG | --remove KEY | --replace OLD_KEY,NEW_KEY,ORG | --k N | --set NAME=N',
    })
  }
  return { propose: { ...change, allowFewer: args['allow-fewer'] ?? false } }
}

/** A public key as hex, or the one inside a peer id. Throws `usage`. */
function parseKey(text: string): PublicKeyHex {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase()
  const key = publicKeyHexFromPeerId(text)
  if (key !== null) return key
  throw new CliError('usage', `'${text}' is neither a public key (64 hex characters) nor a peer id (12D3Koo...)`, {
    hint: 'the member finds both with: palaver id',
  })
}

function parseAddition(text: string) {
  const [key = '', org = '', ...options] = text.split(',')
  const named = new Map(options.map((option) => parsePair(option, '--add KEY,ORG,weight=2,role=voter')))
  const [role, weight] = [named.get('role'), named.get('weight')]
  for (const name of named.keys()) {
    if (name !== 'role' && name !== 'weight') throw badForm(text, '--add KEY,ORG[,weight=N][,role=voter|proposer]')
  }
  if (org === '') throw badForm(text, '--add KEY,ORG')
  return {
    ...{ key: parseKey(key), org },
    ...(weight === undefined ? {} : { weight: parseNumber(weight, text) }),
    ...(role === undefined ? {} : { roles: [role] }),
  }
}

function parseReplacement(text: string) {
  const [old = '', key = '', org = '', ...rest] = text.split(',')
  if (org === '' || rest.length > 0) throw badForm(text, '--replace OLD_KEY,NEW_KEY,ORG')
  return { old: parseKey(old), key: parseKey(key), org }
}

function parseParameter(text: string): readonly [string, number] {
  const [name, value] = parsePair(text, '--set emptyBlockIntervalMs=500')
  return [name, parseNumber(value, text)]
}

function parsePair(text: string, form: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw badForm(text, form)
  return [text.slice(0, at), text.slice(at + 1)]
}

function parseNumber(text: string, within: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw badForm(within, 'a whole number after =')
  return Number(text)
}

function badForm(text: string, form: string): CliError {
  return new CliError('usage', `'${text}' is not what the flag takes`, { hint: `write ${form}` })
}
