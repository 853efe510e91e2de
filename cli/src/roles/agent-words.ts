import { type AgentFiles, agentFilesSchema, MULTILINE_PRESETS, type MultilinePreset } from '@skein/schemas/agent-config'
import type { Config } from '@skein/schemas/config'
import { endpointFrom } from '../otlp-endpoint.ts'
import { StartError } from '../start-error.ts'

/** What the words of `skein agent` say; they go over what file and environment say. */
export interface AgentWords {
  /** Globs, each as it stands. */
  paths: readonly string[]
  endpoint?: string | undefined
  key?: string | undefined
  fromBeginning?: boolean | undefined
  stdin?: boolean | undefined
  service?: string | undefined
  multiline?: string | undefined
}

/** How the pipe is read; null when none is. */
export type AgentPipe = { service: string; multiline: MultilinePreset } | null

/** Where the agent sends what it reads. */
export function endpointOf({ agent, ports }: Config): string {
  return agent.endpoint ?? `http://127.0.0.1:${ports.otlpHttp}`
}

/** The configuration with what the words say, and the pipe that they ask for. Throws `StartError` when they contradict one another. */
export function withAgentWords(config: Config, words: AgentWords): { config: Config; pipe: AgentPipe } {
  const { endpoint, key, service } = words
  if (service === '') throw new StartError('--service needs a name; is a variable in it not set?')
  const multiline = multilineOf(words)
  const agent = { ...config.agent, ...(endpoint === undefined ? {} : { endpoint: endpointFrom(endpoint) }), ...(key === undefined ? {} : { key }) }
  if (words.stdin === true) {
    if (words.paths.length > 0) throw new StartError('--stdin reads the pipe and nothing else: leave the globs out, or start a second agent for them.')
    if (words.fromBeginning === true) throw new StartError('--from-beginning is about files; a pipe is read from its beginning anyway.')
    return { config: { ...config, agent }, pipe: { service: service ?? 'stdin', multiline: multiline ?? 'none' } }
  }
  // A file belongs to the first that name it: here the words do.
  return { config: { ...config, agent: { ...agent, files: [...filesOf(words, multiline), ...agent.files] } }, pipe: null }
}

function filesOf({ paths, fromBeginning, service, multiline: preset }: AgentWords, multiline: MultilinePreset | undefined): AgentFiles[] {
  if (paths.includes('')) throw new StartError('A glob on the command line is empty; is a variable in it not set?')
  if (paths.length > 0) return [agentFilesSchema.parse({ include: paths, startAt: fromBeginning === true ? 'beginning' : 'end', service, multiline })]
  const words = { '--from-beginning': fromBeginning === true ? '' : undefined, '--service': service, '--multiline': preset }
  const [word] = Object.entries(words).find(([, value]) => value !== undefined) ?? []
  if (word === undefined) return []
  const orPipe = word === '--from-beginning' ? '' : ', or give a pipe (--stdin)'
  throw new StartError(`${word} is about the files of the command line: name some${orPipe}. Files of skein.yaml have it there, in agent.files.`)
}

function multilineOf({ multiline }: AgentWords): MultilinePreset | undefined {
  const preset = MULTILINE_PRESETS.find((each) => each === multiline)
  if (multiline !== undefined && preset === undefined) throw new StartError(`--multiline must be one of ${MULTILINE_PRESETS.join(', ')}, not "${multiline}"`)
  return preset
}
