/** The process in which one job of the ATX section runs: its name and input come as a message, its result goes back as one. */
import type { Job, JobInput } from './atx-job.ts'
import { negentropy } from './atx-negentropy.ts'
import { happy, listing, lists } from './atx-sessions.ts'
import { insert, open } from './atx-store.ts'
import { fetchClient, fetchServer, serve, sign } from './atx-transfer.ts'

const JOBS: Readonly<Record<string, Job>> = {
  insert,
  open,
  happy,
  lists,
  listing,
  sign,
  fetchServer,
  fetchClient,
  serve,
  negentropy,
}
const ending = Promise.withResolvers<void>()

type Message = { readonly job?: string; readonly input?: JobInput }

process.on('message', async ({ job, input }: Message) => {
  if (job === undefined || input === undefined) return ending.resolve()
  const run = JOBS[job]
  if (run === undefined) throw new Error(`there is no job ${job}`)
  const result = await run(input, (ready) => process.send?.({ ready }), ending.promise)
  process.send?.({ result }, () => process.exit(0))
})
