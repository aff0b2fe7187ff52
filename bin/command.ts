/** How a command is declared: what it is called, which flags it takes, what it does. Turned into yargs modules here only. */
import type { Argv, CommandModule, InferredOptionTypes, Options } from 'yargs'

type Flags = Readonly<Record<string, Options>>

/** A command; `usage` is its name with `<required>` and `[optional]` places, as yargs writes them. */
export type CommandSpec<F extends Flags> = {
  readonly usage: string
  readonly summary: string
  readonly flags: F
  readonly run: (args: InferredOptionTypes<F>) => Promise<void> | void
}

/** Flags and subcommand names of the command being parsed, for suggestions. */
export const knownNames = { flags: new Set(['help', 'version']), commands: new Set<string>() }

/** A command with flags and places, ready for yargs. */
export function defineCommand<const F extends Flags>(spec: CommandSpec<F>): CommandModule {
  const places = new Set(Array.from(spec.usage.matchAll(/[<[]([a-z-]+)/g), ([, name = '']) => name))
  const builder = (parser: Argv): Argv => {
    for (const [name, options] of Object.entries(spec.flags)) {
      const single =
        options.array || options.type === 'boolean'
          ? options
          : { coerce: lastOf, requiresArg: !places.has(name), ...options }
      if (places.has(name)) declarePlace(parser, name, single)
      else parser.option(name, single)
      if (!places.has(name)) knownNames.flags.add(name)
    }
    return parser
  }
  const handler = async (args: object): Promise<void> => {
    await spec.run(args as InferredOptionTypes<F>)
  }
  return { command: spec.usage, describe: spec.summary, builder, handler }
}

/** A command that only holds others, such as `peers`. */
export function defineGroup(name: string, summary: string, members: readonly CommandModule[]): CommandModule {
  const builder = (parser: Argv): Argv => {
    for (const member of members) {
      parser.command(member)
      knownNames.commands.add(String(member.command).split(' ')[0] ?? '')
    }
    return parser.demandCommand(1, 1, `name what to do: ${name} ${Array.from(knownNames.commands).join(' | ')}`)
  }
  return { command: name, describe: summary, builder, handler: () => undefined }
}

function declarePlace(parser: Argv, name: string, options: Options): void {
  const { describe, type, choices, array, coerce } = options
  const place = { describe, choices, array, coerce, type: type === 'count' || type === 'array' ? 'string' : type }
  parser.positional(name, Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined)))
}

/** A flag given twice counts once, the last time. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value
}
