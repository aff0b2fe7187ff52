/** How the client of a serve takes what answers its hello (S9.2 P): an offence, or a refusal that costs nobody anything. */
import { expect, it } from 'vitest'
import { NetworkError } from '../../../../src/protocols/errors.ts'
import { SyncError } from '../../../../src/sync/errors.ts'
import { createServeClient } from '../../../../src/sync/serve/client.ts'
import { openCursorStore } from '../../../../src/sync/serve/serve-store.ts'
import { createFakeIntake, createFakeSet } from '../../../helpers/sync/serve-set.ts'
import { createVirtualTime } from '../../../helpers/sync/serve-time.ts'
import { memoryDisk } from '../../../helpers/sync/serve-world.ts'
import { streamPair } from '../../../helpers/sync/stream-pair.ts'

it.each([
  { error: new SyncError('protocol', 'another conversation'), end: 'misbehaved', accused: ['bob P'] },
  { error: new SyncError('malformed', 'no ATX message'), end: 'misbehaved', accused: ['bob P'] },
  { error: new SyncError('refused', 'not now'), end: 'refused', accused: [] },
  { error: new SyncError('timeout', 'no hello'), end: 'refused', accused: [] },
  { error: new NetworkError('connection-closed', 'the stream is gone'), end: 'refused', accused: [] },
])('a hello that fails as $error.code ends $end', async ({ error, end, accused }) => {
  const { clock, sleep } = createVirtualTime()
  const set = createFakeSet()
  const blamed: string[] = []
  const [near, far] = streamPair()
  const client = createServeClient({
    set,
    intake: createFakeIntake(set),
    cursors: await openCursorStore(memoryDisk(), clock),
    clock,
    sleep,
    open: async () => near,
    greet: () => Promise.reject(error),
    observer: {
      began: () => undefined,
      ended: () => undefined,
      refused: () => undefined,
      misbehaved: (peer, evidence) => void blamed.push(`${peer} ${evidence}`),
    },
  })
  expect(await client.pull({ peer: 'bob' })).toMatchObject({ end, reason: error.message, gained: 0 })
  expect(blamed).toEqual(accused)
  await expect(far.read()).rejects.toThrow(error.message)
})
