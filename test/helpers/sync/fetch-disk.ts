/** A database in a temporary folder that can be killed between two writes and opened again. */
import { type BatchOperation, ClassicLevel } from 'classic-level'
import { onTestFinished } from 'vitest'
import { tempDir } from '../temp-dir.ts'

type Db = ClassicLevel<string, Uint8Array>

export type Disk = {
  /** What a store gets; its writes fail once the disk is dead. */
  readonly db: Pick<Db, 'batch' | 'iterator'>
  /** Batches written so far. */
  readonly writes: () => number
  /** After so many more writes every write fails and leaves nothing. */
  readonly dieAfter: (writes: number) => void
  readonly keys: () => Promise<string[]>
  readonly put: (key: string, value: Uint8Array) => Promise<void>
  /** The same files, alive again. */
  readonly reopen: () => Promise<Disk>
}

export async function openDisk(path?: string): Promise<Disk> {
  const folder = path ?? (await tempDir())
  const level: Db = new ClassicLevel(folder, { valueEncoding: 'view' })
  await level.open()
  onTestFinished(() => level.close())
  let written = 0
  let left = Number.POSITIVE_INFINITY
  const batch = async (operations: BatchOperation<Db, string, Uint8Array>[]): Promise<void> => {
    if (left <= 0) throw new Error('the process was killed')
    left--
    written++
    await level.batch(operations)
  }
  return {
    db: { batch: batch as unknown as Db['batch'], iterator: level.iterator.bind(level) as Db['iterator'] },
    writes: () => written,
    dieAfter: (writes) => {
      left = writes
    },
    keys: () => level.keys().all(),
    put: (key, value) => level.put(key, value),
    async reopen() {
      await level.close()
      return openDisk(folder)
    },
  }
}
