/** Parses the command line, runs the command, and turns whatever ends it into an exit code and a readable line. */
import { readFileSync } from 'node:fs'
import yargs, { type Argv, type CommandModule } from 'yargs'
import { PalaverError } from '../src/errors.ts'
import { knownNames } from './command.ts'
import { COMMANDS, type CommandRow } from './command-table.ts'
import { CliError, EXIT, exitCodeOf } from './errors.ts'
import { note, paint } from './output.ts'
import { suggest } from './suggest.ts'

/** The flag with which shells ask for completions. */
const COMPLETION_FLAG = '--get-yargs-completions'

/** Runs one command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await run(argv)
  } catch (error) {
    report(error)
    process.exitCode = exitCodeOf(error)
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const name = argv.find((word) => !word.startsWith('-'))
  const chosen = COMMANDS.find((row) => row.name === name)
  const parser = createParser()
  const loadAll = argv[0] === COMPLETION_FLAG
  for (const row of COMMANDS) {
    parser.command(loadAll || row === chosen ? await row.load() : placeholder(row))
  }
  if (chosen === undefined) for (const row of COMMANDS) knownNames.commands.add(row.name)
  await parser.parseAsync([...argv])
}

function createParser(): Argv {
  return yargs()
    .scriptName('palaver')
    .usage('$0 <command>\n\nA libp2p node for organisations that run services together without trusting each other.')
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .detectLocale(false)
    .version(packageVersion())
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .demandCommand(1, 'name a command')
    .strict()
    .exitProcess(false)
    .completion('completion-of-yargs', false)
    .fail((message, error) => {
      throw error ?? usageError(message)
    })
    .epilogue('`palaver <command> --help` shows the flags of a command.')
}

/** Stands for a command in the list of `--help`; never runs. */
function placeholder(row: CommandRow): CommandModule {
  return { command: row.name, describe: row.summary, handler: () => undefined }
}

/** A usage error with the word that was probably meant. */
export function usageError(message: string): CliError {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1]
  if (unknown === undefined) return new CliError('usage', lowerFirst(message), { hint: 'see --help' })
  const word = unknown.split(', ')[0] ?? ''
  const command = suggest(word, knownNames.commands)
  const flag = suggest(word, knownNames.flags)
  const meant = flag !== null ? `--${flag}` : command
  const kind =
    knownNames.commands.size > 0 && flag === null && /^Unknown command/.test(message) ? 'command' : 'command or flag'
  return new CliError('usage', `unknown ${kind} '${word}'`, {
    hint: meant === null ? 'see --help' : `did you mean '${meant}'?`,
  })
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function report(error: unknown): void {
  const exit = exitCodeOf(error)
  const mark = paint('red', 'palaver:', process.stderr)
  if (error instanceof PalaverError && exit !== EXIT.bug) {
    note(`${mark} ${error.message}`)
    if (error instanceof CliError && error.hint !== null) note(`  ${error.hint}`)
    return
  }
  note(`${mark} a bug, please report it: ${error instanceof Error ? error.stack : String(error)}`)
}

/** The version in package.json, which lies one folder up from the sources and two from the built files. */
export function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version
    } catch {
      // Not here: this is the other layout.
    }
  }
  return 'unknown'
}
