/** Parses the command line, runs the command, and turns whatever ends it into an exit code and a readable line. */
import yargs, { type Argv, type CommandModule } from 'yargs'
import { PalaverError } from '../src/errors.ts'
import { closestName } from '../src/node/closest-name.ts'
import { VERSION } from '../src/node/version.ts'
import { knownNames } from './command.ts'
import { COMMANDS, type CommandRow } from './command-table.ts'
import { CliError, EXIT, exitCodeOf } from './errors.ts'
import { note, paint } from './output.ts'

/** The flag with which shells ask for completions. */
const COMPLETION_FLAG = '--get-yargs-completions'

/** Runs one command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endWhenNobodyReads)
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
  const parser = createParser(argv)
  const loadAll = argv[0] === COMPLETION_FLAG
  for (const row of COMMANDS) {
    parser.command(loadAll || row === chosen ? await row.load() : placeholder(row))
  }
  if (chosen === undefined) for (const row of COMMANDS) knownNames.commands.add(row.name)
  await parser.parseAsync([...argv])
}

function createParser(argv: readonly string[]): Argv {
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
    .version(VERSION)
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .demandCommand(1, 'name a command')
    .strict()
    .exitProcess(false)
    .completion('completion-of-yargs', false)
    .fail((message, error) => {
      throw error ?? usageError(message, argv)
    })
    .epilogue('`palaver <command> --help` shows the flags of a command.')
}

/** Stands for a command in the list of `--help`; never runs. */
function placeholder(row: CommandRow): CommandModule {
  return { command: row.name, describe: row.summary, handler: () => undefined }
}

/** A usage error with the flag or command that was probably meant. */
function usageError(message: string, argv: readonly string[]): CliError {
  const word = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1]
  if (word === undefined) return new CliError('usage', lowerFirst(message), { hint: 'see --help' })
  const typed = argv.map((each) => each.split('=')[0] ?? '').find((each) => each === `--${word}` || each === `-${word}`)
  const meant = closestName(word, typed === undefined ? knownNames.commands : knownNames.flags)
  const hint = meant === null ? 'see --help' : `did you mean '${typed === undefined ? meant : `--${meant}`}'?`
  return new CliError('usage', typed === undefined ? `unknown command '${word}'` : `unknown flag '${typed}'`, { hint })
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** `palaver events | head -1` closes the pipe: that is an end, not a failure. */
function endWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.ok)
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
