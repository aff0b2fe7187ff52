/**
 * Fingerprints of sets of ids (S3.5): count and XOR in suite 1, and with them the digest of a lattice sum in suite 2. An
 * accumulator grows by ids and by disjoint sets and keeps the algebra that checkpoints need.
 */
import { hash } from 'node:crypto'
import { assert } from '../../assert.ts'
import { addLanes, emptyLanes, LANE_BYTES, type Lanes, lift, subtractLanes } from './lthash.ts'
import { type Accumulator, type Fingerprint, ID_BYTES, type Suite } from './types.ts'

const DOMAIN = 'atxsync/fp/v1'
const ID_WORDS = ID_BYTES / 4
const COUNT_BYTES = 8
/** Bytes of a stored accumulator: count, XOR, and in suite 2 the lanes. */
const XOR_STATE_BYTES = COUNT_BYTES + ID_BYTES

type Words = Int32Array<ArrayBuffer>

/** Packed ids as words, copied only when they do not lie on a word's border. */
function wordsOf(ids: Uint8Array): Int32Array {
  const at = ids.byteOffset % 4 === 0 ? ids : new Uint8Array(ids)
  return new Int32Array(at.buffer, at.byteOffset, at.byteLength / 4)
}

function bytesOf(words: Words): Uint8Array {
  return new Uint8Array(words.buffer)
}

class SetAccumulator implements Accumulator {
  #count = 0
  readonly #xor: Words = new Int32Array(ID_WORDS)
  /** Null in the XOR suite. */
  readonly #lanes: Lanes | null
  /** The strong digest, until something is added or taken. */
  #strong: Uint8Array | null = null

  constructor(suite: Suite) {
    this.#lanes = suite === 'lthash16' ? emptyLanes() : null
  }

  get suite(): Suite {
    return this.#lanes === null ? 'xor' : 'lthash16'
  }

  get count(): number {
    return this.#count
  }

  add(ids: Uint8Array): void {
    assert(ids.byteLength % ID_BYTES === 0, 'packed ids are whole')
    this.#count += ids.byteLength / ID_BYTES
    this.#xorWords(wordsOf(ids))
    if (this.#lanes === null) return
    for (let at = 0; at < ids.byteLength; at += ID_BYTES) addLanes(this.#lanes, lift(ids, at))
    this.#strong = null
  }

  unite(other: Accumulator): void {
    const own = this.#sameKind(other)
    this.#count += own.#count
    this.#xorWords(own.#xor)
    if (this.#lanes !== null && own.#lanes !== null) addLanes(this.#lanes, own.#lanes)
    this.#strong = null
  }

  subtract(part: Accumulator): void {
    const own = this.#sameKind(part)
    assert(own.#count <= this.#count, 'only a part can be taken away')
    this.#count -= own.#count
    this.#xorWords(own.#xor)
    if (this.#lanes !== null && own.#lanes !== null) subtractLanes(this.#lanes, own.#lanes)
    this.#strong = null
  }

  copy(): SetAccumulator {
    const copy = new SetAccumulator(this.suite)
    copy.#count = this.#count
    copy.#xor.set(this.#xor)
    if (this.#lanes !== null) copy.#lanes?.set(this.#lanes)
    copy.#strong = this.#strong
    return copy
  }

  fingerprint(suite: Suite = this.suite): Fingerprint {
    assert(suite === 'xor' || this.#lanes !== null, 'an XOR accumulator has no strong fingerprint')
    const strong = suite === 'xor' ? null : this.#digest()
    return { count: this.#count, xor: bytesOf(this.#xor.slice()), strong }
  }

  encode(): Uint8Array {
    return Buffer.concat([this.#head(), this.#lanes === null ? new Uint8Array(0) : bytesOf(this.#lanes)])
  }

  /** Takes over what {@link encode} gave. */
  restore(bytes: Uint8Array): void {
    this.#count = Number(Buffer.from(bytes.buffer, bytes.byteOffset, COUNT_BYTES).readBigUInt64BE())
    bytesOf(this.#xor).set(bytes.subarray(COUNT_BYTES, XOR_STATE_BYTES))
    if (this.#lanes !== null) bytesOf(this.#lanes).set(bytes.subarray(XOR_STATE_BYTES))
  }

  #digest(): Uint8Array {
    assert(this.#lanes !== null, 'only suite 2 has lanes')
    this.#strong ??= hash('sha256', Buffer.concat([Buffer.from(DOMAIN), this.#head(), bytesOf(this.#lanes)]), 'buffer')
    return this.#strong
  }

  #head(): Uint8Array {
    const head = Buffer.alloc(XOR_STATE_BYTES)
    head.writeBigUInt64BE(BigInt(this.#count))
    head.set(bytesOf(this.#xor), COUNT_BYTES)
    return head
  }

  /** XORs ids, or another XOR, into this one. */
  #xorWords(words: Int32Array): void {
    const xor = this.#xor
    for (let at = 0; at < words.length; at += ID_WORDS) {
      for (let word = 0; word < ID_WORDS; word++) xor[word] = (xor[word] as number) ^ (words[at + word] as number)
    }
  }

  #sameKind(other: Accumulator): SetAccumulator {
    assert(other instanceof SetAccumulator && other.suite === this.suite, 'accumulators of one suite belong together')
    return other
  }
}

/** An empty accumulator. */
export function createAccumulator(suite: Suite): Accumulator {
  return new SetAccumulator(suite)
}

/** An accumulator's whole state, for the disk: 40 bytes in the XOR suite, 2,088 in the other. */
export function encodeAccumulator(accumulator: Accumulator): Uint8Array {
  assert(accumulator instanceof SetAccumulator, 'an accumulator of this file')
  return accumulator.encode()
}

/** Reads {@link encodeAccumulator}; null when the bytes are none of `suite`. */
export function decodeAccumulator(bytes: Uint8Array, suite: Suite): Accumulator | null {
  if (bytes.byteLength !== XOR_STATE_BYTES + (suite === 'lthash16' ? LANE_BYTES : 0)) return null
  const accumulator = new SetAccumulator(suite)
  accumulator.restore(bytes)
  return accumulator
}

/**
 * Whether two fingerprints stand for the same set (S3.5): all fields that both have are equal. A strong value on one
 * side only is passed over, because a Hello carries its sender's best suite before the common one is known; whoever has
 * agreed on suite 2 refuses later fingerprints without it.
 */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  if (a.count !== b.count || Buffer.compare(a.xor, b.xor) !== 0) return false
  return a.strong === null || b.strong === null || Buffer.compare(a.strong, b.strong) === 0
}
