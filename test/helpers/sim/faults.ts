/** What goes wrong in a random run until it heals: partitions, crashes, bad links; then everything works again. */
import type { Millis, PeerId } from '../../../src/domain.ts'
import type { SimNode } from './node.ts'
import type { Random } from './random.ts'
import { startAll, type World } from './world.ts'

export type FaultPlan = {
  /** Virtual milliseconds after which nothing new goes wrong. */
  readonly healAtMs: Millis
  /** Mean distance of faults. */
  readonly everyMs: Millis
  readonly crashHazard: number
  readonly longestOutageMs: Millis
}

/** Seeds faults into `world` until it heals. */
export function plantFaults(world: World, plan: FaultPlan): void {
  const { scheduler, random } = world
  world.crashHazard = plan.crashHazard
  const isOver = (): boolean => world.elapsed >= plan.healAtMs
  world.onCrash = (node) => {
    const outage = isOver() ? 100 : random.next() * plan.longestOutageMs
    scheduler.after(outage, () => {
      if (!node.isUp) node.start()
    })
  }
  function next(): void {
    scheduler.after(random.next() * 2 * plan.everyMs, () => {
      if (isOver()) return
      causeFault(world)
      next()
    })
  }
  next()
  scheduler.after(plan.healAtMs, () => heal(world))
}

function heal(world: World): void {
  world.trace(() => 'heals')
  world.crashHazard = 0
  const { minDelayMs } = world.network.conditions
  world.network.conditions = { minDelayMs, maxDelayMs: minDelayMs + 20, loss: 0, duplication: 0, reorders: false }
  world.network.allow(() => true)
  startAll(world)
}

function causeFault(world: World): void {
  const { random, network, nodes } = world
  const kind = random.int(12)
  if (kind < 5) return partition(world, drawGroups(random, nodes))
  if (kind < 7) return network.allow(() => true)
  if (kind < 10) return random.pick(nodes).crash()
  if (kind === 10) return crashAll(world)
  const [a, b] = [random.pick(nodes).id, random.pick(nodes).id]
  return flap(world, a, b)
}

function partition(world: World, groups: ReadonlyMap<PeerId, number>): void {
  world.trace(() => `partition ${[...groups].map(([id, group]) => `${id}:${group}`).join(' ')}`)
  world.network.allow((a, b) => groups.get(a) === groups.get(b))
}

/** Two or three groups; sometimes one node alone. */
function drawGroups(random: Random, nodes: readonly SimNode[]): Map<PeerId, number> {
  const count = random.between(2, 3)
  const alone = random.chance(0.4) ? random.pick(nodes) : null
  return new Map(nodes.map((node) => [node.id, alone === null ? random.int(count) : Number(node === alone)]))
}

/** Power is back for everyone within seconds (H11). */
function crashAll(world: World): void {
  for (const node of world.nodes) node.crash()
}

function flap(world: World, a: PeerId, b: PeerId): void {
  const isCut = (x: PeerId, y: PeerId): boolean => (x === a && y === b) || (x === b && y === a)
  world.network.allow((x, y) => !isCut(x, y))
  world.scheduler.after(300, () => world.network.allow(() => true))
}
