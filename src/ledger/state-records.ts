/**
 * Fixed-size records in slabs, written in place, whose contents at earlier marks stay readable: before a record is
 * written for the first time after a mark, what it held goes to a log. Appending there is cheaper than writing beside.
 */
import { Buffer } from 'node:buffer'
import { required } from '../assert.ts'

const SLAB_BITS = 12
const SLAB_RECORDS = 1 << SLAB_BITS
const SLAB_MASK = SLAB_RECORDS - 1

/** `SLAB_RECORDS` records, readable as bytes and as words, and where each one's latest log entry is (0: none). */
export type Slab = { readonly bytes: Buffer; readonly words: Int32Array; readonly loggedAt: Float64Array }
/** Log entries: what a record held, and the position of the entry that the same record has before it. */
type LogSlab = { readonly words: Int32Array; readonly earlier: Float64Array }

export type RecordsOptions = {
  readonly recordBytes: number
  /** The log keeps at most this many records; marks that need older ones cannot be read any more. */
  readonly maxLogged: number
}

/** Records are numbered from 1. */
export class StateRecords {
  readonly #size: number
  readonly #maxLogSlabs: number
  readonly #slabs: Slab[] = []
  readonly #free: number[] = []
  #next = 1
  readonly #log: LogSlab[] = []
  /** Positions count log entries from 1 and never wrap; `#firstLogged` is that of the log's first slab, a multiple of its size. */
  #position = 1
  #firstLogged = 0
  #mark = 0
  #spare: LogSlab | null = null

  constructor({ recordBytes, maxLogged }: RecordsOptions) {
    this.#size = recordBytes / 4
    this.#maxLogSlabs = Math.ceil(maxLogged / SLAB_RECORDS)
  }

  /** Bytes of all records, and of the log. */
  get bytes(): number {
    return (this.#slabs.length * (4 * this.#size + 8) + this.#log.length * (4 * this.#size + 8)) * SLAB_RECORDS
  }

  /** A free record; its contents are left over from before, and nothing is logged until {@link beforeWrite}. */
  allocate(): number {
    const index = this.#free.pop() ?? this.#next++
    if (index >> SLAB_BITS >= this.#slabs.length) this.#slabs.push(createSlab(this.#size))
    return index
  }

  /** Gives a record back; earlier marks still read what it holds. */
  free(index: number): void {
    this.#free.push(index)
  }

  /** To be called before a record is written: logs what earlier marks have to read. */
  beforeWrite(index: number): void {
    const slab = this.#slabs[index >> SLAB_BITS] as Slab
    const at = index & SLAB_MASK
    const loggedAt = slab.loggedAt[at] as number
    if (loggedAt >= this.#mark) return
    const slot = this.#position & SLAB_MASK
    if (slot === 0 || this.#log.length === 0) this.#extendLog()
    const log = this.#log[this.#log.length - 1] as LogSlab
    const size = this.#size
    const from = at * size
    const to = slot * size
    for (let i = 0; i < size; i += 1) log.words[to + i] = slab.words[from + i] as number
    log.earlier[slot] = loggedAt
    slab.loggedAt[at] = this.#position
    this.#position += 1
  }

  /** Makes the contents as they are readable later. Marks ascend. */
  mark(): number {
    this.#mark = this.#position
    return this.#mark
  }

  /** Whether {@link wordsAt} still answers for `mark`. */
  isReadable(mark: number): boolean {
    return mark >= this.#firstLogged
  }

  /** Lets go of what only marks before `oldest` need. */
  release(oldest: number): void {
    while (this.#log.length > 0 && this.#firstLogged + SLAB_RECORDS <= oldest) this.#dropOldest()
  }

  /** The slab that holds record `index`. */
  slabOf(index: number): Slab {
    return this.#slabs[index >> SLAB_BITS] as Slab
  }

  /** Where record `index` starts in its slab, in words. */
  wordAt(index: number): number {
    return (index & SLAB_MASK) * this.#size
  }

  /** A copy of what record `index` held at a readable mark. */
  wordsAt(mark: number, index: number): Int32Array {
    const slab = this.#slabs[index >> SLAB_BITS] as Slab
    const at = index & SLAB_MASK
    let position = slab.loggedAt[at] as number
    if (position < mark) return slab.words.slice(at * this.#size, (at + 1) * this.#size)
    for (;;) {
      const log = required(this.#log[this.#logSlabOf(position)], 'a readable mark lost its log')
      const slot = position % SLAB_RECORDS
      const earlier = log.earlier[slot] as number
      if (earlier < mark) return log.words.slice(slot * this.#size, (slot + 1) * this.#size)
      position = earlier
    }
  }

  #logSlabOf(position: number): number {
    return Math.floor((position - this.#firstLogged) / SLAB_RECORDS)
  }

  #extendLog(): void {
    if (this.#log.length === this.#maxLogSlabs) this.#dropOldest()
    if (this.#log.length === 0) this.#firstLogged = this.#position - (this.#position & SLAB_MASK)
    this.#log.push(this.#spare ?? createLogSlab(this.#size))
    this.#spare = null
  }

  #dropOldest(): void {
    this.#spare = this.#log.shift() ?? null
    this.#firstLogged += SLAB_RECORDS
  }
}

function createSlab(size: number): Slab {
  const memory = new ArrayBuffer(SLAB_RECORDS * size * 4)
  return {
    bytes: Buffer.from(memory),
    words: new Int32Array(memory),
    loggedAt: new Float64Array(SLAB_RECORDS),
  }
}

function createLogSlab(size: number): LogSlab {
  return { words: new Int32Array(SLAB_RECORDS * size), earlier: new Float64Array(SLAB_RECORDS) }
}
