import { stripVTControlCharacters } from 'node:util'
import { type ArgsDef, type CommandDef, parseArgs, renderUsage } from 'citty'
import { StartError } from './start-error.ts'

/** EX_USAGE of sysexits.h: what was typed cannot be meant. */
export const USAGE_STATUS = 64

export interface Found {
  command: CommandDef
  /** The words that lead to it. */
  parents: string[]
  /** The words left for it. */
  rest: string[]
  /** The word at which it went nowhere. */
  unknown: string | null
}

/** The command that the words lead to, as far as they lead to one. */
export function findCommand(root: CommandDef, words: readonly string[]): Found {
  let command = root
  const parents: string[] = []
  let rest = [...words]
  for (;;) {
    const children = command.subCommands as Record<string, CommandDef> | undefined
    const [word] = rest
    if (children === undefined || word === undefined || word.startsWith('-')) return { command, parents, rest, unknown: null }
    const child = Object.hasOwn(children, word) ? children[word] : undefined
    if (child === undefined) return { command, parents, rest, unknown: word }
    command = child
    parents.push(word)
    rest = rest.slice(1)
  }
}

/** Throws `StartError` (64) for a word, an option or a number of words that the command does not know. */
export function mustKnowWords({ command, parents, rest, unknown }: Found): void {
  const name = ['skein', ...parents].join(' ')
  if (unknown !== null) throw new StartError(`${name} has no command "${unknown}"; see ${name} --help`, USAGE_STATUS)
  const flag = unknownFlag(command, rest)
  if (flag !== null) throw new StartError(`${name} has no option "${flag}"; see ${name} --help`, USAGE_STATUS)
  const surplus = surplusWord(command, rest)
  if (surplus !== null)
    throw new StartError(`${name} does not know what to do with "${surplus}": put words that belong together in quotes, or see ${name} --help`, USAGE_STATUS)
}

function unknownFlag(command: CommandDef, rest: readonly string[]): string | null {
  const known = new Set(Object.keys(argsOf(command)))
  const flag = rest.find((word) => word.startsWith('-') && !known.has(word.replace(/^-+(no-)?/, '').replace(/=.*$/s, '')))
  return flag ?? null
}

/** The first word that the command has no place for; a place whose hint ends in … takes as many as come. */
function surplusWord(command: CommandDef, rest: readonly string[]): string | null {
  const args = argsOf(command)
  const places = Object.values(args).filter(({ type }) => type === 'positional')
  if (places.some(({ valueHint }) => valueHint?.endsWith('…'))) return null
  return String(parseArgs([...rest], args)._[places.length] ?? '') || null
}

function argsOf(command: CommandDef): ArgsDef {
  return (command.args ?? {}) as ArgsDef
}

/** What `--help` prints; coloured only where somebody looks at it. */
export async function usageOf({ command, parents }: Pick<Found, 'command' | 'parents'>, coloured: boolean): Promise<string> {
  const text = await renderUsage(command, parents.length === 0 ? undefined : { meta: { name: ['skein', ...parents.slice(0, -1)].join(' ') } })
  return coloured ? text : stripVTControlCharacters(text)
}
