/** The node's one LevelDB: text keys, byte values, and tables sized for catching up. */
import { ClassicLevel } from 'classic-level'
import type { Database } from '../pala/store.ts'

/**
 * LevelDB writes each table block by a system call of its own, and merges tables as often as the write buffer fills: its
 * defaults, 4 KiB and 4 MiB, cost a node that catches up a fifth more of the time it spends in there.
 */
const TABLES = { blockSize: 16_384, writeBufferSize: 8 * 1_048_576 }

/** Opens the database in a folder; makes it when there is none. */
export async function openDatabase(path: string): Promise<Database> {
  const db: Database = new ClassicLevel<string, Uint8Array>(path, { valueEncoding: 'view', ...TABLES })
  await db.open()
  return db
}
