/** Which process holds the other end of a local TCP connection: tells a link proxy which node is dialling. */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A loopback connection as its dialler sees it, and the processes that may have dialled. */
export type OwnerQuery = { readonly localPort: number; readonly remotePort: number; readonly pids: readonly number[] }

/** The pid among `pids` that dialled, or null: then it is a stranger. */
export async function ownerOf(query: OwnerQuery): Promise<number | null> {
  return process.platform === 'linux' ? ownerByProc(query) : ownerByLsof(query)
}

async function ownerByProc({ localPort, remotePort, pids }: OwnerQuery): Promise<number | null> {
  const inode = await inodeOf(localPort, remotePort)
  if (inode === null) return null
  for (const pid of pids) if (await holdsSocket(pid, `socket:[${inode}]`)) return pid
  return null
}

async function inodeOf(localPort: number, remotePort: number): Promise<string | null> {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const table = await readFile(file, 'latin1').catch(() => '')
    for (const row of table.split('\n')) {
      const [, local = '', remote = '', , , , , , , inode = '0'] = row.trim().split(/\s+/)
      if (local.endsWith(`:${hex(localPort)}`) && remote.endsWith(`:${hex(remotePort)}`) && inode !== '0') return inode
    }
  }
  return null
}

async function holdsSocket(pid: number, link: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
  return links.includes(link)
}

async function ownerByLsof({ localPort, remotePort, pids }: OwnerQuery): Promise<number | null> {
  const list = await promisify(execFile)('lsof', ['-nP', `-iTCP:${localPort}`, '-Fpn']).catch(() => ({ stdout: '' }))
  let pid = 0
  for (const line of list.stdout.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    if (
      line.startsWith('n') &&
      line.includes(`:${localPort}->`) &&
      line.endsWith(`:${remotePort}`) &&
      pids.includes(pid)
    )
      return pid
  }
  return null
}
