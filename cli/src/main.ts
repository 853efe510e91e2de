import { join } from 'node:path'
import { type ArgsDef, defineCommand, runCommand } from 'citty'
import { findCommand, mustKnowWords, USAGE_STATUS, usageOf } from './command-words.ts'
import { ConfigError, loadConfig } from './config.ts'
import { Exit, StartError, startExit, startSentence } from './start-error.ts'
import { skeinVersion } from './version.ts'

const ENTRY = join(import.meta.dirname, 'main.ts')

const configArgument = {
  config: { type: 'string', description: 'Configuration file (default: skein.yaml, when there is one)', valueHint: 'file' },
} as const satisfies ArgsDef
const tenantArgument = { tenant: { type: 'string', description: 'Tenant whose data they judge', default: 'default' } } as const satisfies ArgsDef

function roleCommand(name: 'collector' | 'engine' | 'ingest' | 'query', description: string, hidden = false) {
  return defineCommand({
    meta: { name, description, hidden },
    args: { ...configArgument, 'insecure-http': { type: 'boolean', description: 'Listen beyond loopback without TLS and users' } },
    async run({ args }) {
      const config = await configFrom(args)
      const { startRole } = await import('./roles/roles.ts')
      await startRole(name, config, { builtWorkers: process.env['SKEIN_INTERNAL_BUILT_WORKERS'] === '1' })
    },
  })
}

const up = defineCommand({
  meta: { name: 'up', description: 'Everything on this machine, on the embedded log and store' },
  args: { ...configArgument, 'insecure-http': { type: 'boolean', description: 'Listen beyond loopback without TLS and users' } },
  async run({ args }) {
    const config = await configFrom(args)
    const command = await import('./commands/up.ts')
    process.exit(await command.up(config, ENTRY, args.config))
  },
})

const demo = defineCommand({
  meta: { name: 'demo', description: 'A small TV operator that sends real traces and logs to a running Skein' },
  args: {
    ...configArgument,
    endpoint: { type: 'string', description: 'OTLP/HTTP endpoint (default: this machine)', valueHint: 'url' },
    key: { type: 'string', description: 'Ingest key, when the collector wants one' },
    rate: { type: 'string', description: 'Requests a second from viewers, at prime time', default: '20' },
    steady: { type: 'boolean', description: 'The same traffic all the time, instead of evenings of ten minutes' },
    faults: { type: 'string', description: 'Begin with these faults', valueHint: 'id,id' },
    'stand-ins': { type: 'boolean', description: 'Use no PostgreSQL, Redis or Nginx of this machine' },
    'control-port': { type: 'string', description: 'Loopback port that switches faults; 0: any free one', default: '0' },
  },
  async run({ args }) {
    const config = await configFrom(args)
    const rate = Number(args.rate)
    if (!(rate > 0 && rate <= 1000)) throw new StartError(`--rate must be a number from 1 to 1000, not "${args.rate}"`)
    const controlPort = Number(args['control-port'])
    if (!(Number.isInteger(controlPort) && controlPort >= 0 && controlPort < 65_536))
      throw new StartError(`--control-port must be a port, not "${args['control-port']}"`)
    const { runDemo } = await import('./commands/demo.ts')
    const { endpoint, key, faults } = args
    await runDemo(
      config,
      { endpoint, key, rate, faults: faults ?? '', controlPort, steady: args.steady === true, standIns: args['stand-ins'] === true },
      process.env,
    )
    process.exit(Exit.ok)
  },
})

const agent = defineCommand({
  meta: { name: 'agent', description: 'Read log files of this host and send them on: skein agent "/var/log/app/*.log"' },
  args: {
    ...configArgument,
    paths: { type: 'positional', description: 'Globs of log files, besides those of the configuration', required: false, valueHint: 'glob …' },
    endpoint: { type: 'string', description: 'OTLP/HTTP endpoint (default: agent.endpoint, else Skein on this machine)', valueHint: 'url' },
    key: { type: 'string', description: 'Ingest key, when the collector wants one (default: agent.key)' },
    'from-beginning': { type: 'boolean', description: 'Read what the files of the command line hold already, not only what is written from now on' },
    stdin: { type: 'boolean', description: 'Send what comes in through a pipe, and nothing else' },
    service: { type: 'string', description: 'service.name of the files of the command line, or of the pipe (default: from the name of the file; stdin)' },
    multiline: {
      type: 'string',
      description: 'How events of several lines begin in the files of the command line, or in the pipe: none, java, node, python, go, timestamp',
    },
  },
  async run({ args }) {
    const { startAgent } = await import('./roles/agent.ts')
    const { endpoint, key, stdin, service, multiline, _: paths } = args
    await startAgent(await configFrom(args), { paths, endpoint, key, stdin, service, multiline, fromBeginning: args['from-beginning'] })
  },
})

const keys = defineCommand({
  meta: { name: 'keys', description: 'Ingest keys: create, list, revoke' },
  subCommands: {
    create: defineCommand({
      meta: { name: 'create', description: 'Make a key and show it once' },
      args: {
        ...configArgument,
        label: { type: 'positional', description: 'What the key is for', required: false },
        tenant: { type: 'string', description: 'Tenant its data belongs to', default: 'default' },
        days: { type: 'string', description: 'Days until it expires (default: never)' },
      },
      run: async ({ args }) =>
        (await import('./commands/keys.ts')).createKey(await configFrom(args), { label: args.label ?? '', tenant: args.tenant, days: args.days }),
    }),
    list: defineCommand({
      meta: { name: 'list', description: 'Show all keys, without their secrets' },
      args: configArgument,
      run: async ({ args }) => (await import('./commands/keys.ts')).listKeys(await configFrom(args)),
    }),
    revoke: defineCommand({
      meta: { name: 'revoke', description: 'End a key; collectors refuse it within seconds' },
      args: { ...configArgument, id: { type: 'positional', description: 'The id that `keys list` shows', required: true } },
      run: async ({ args }) => (await import('./commands/keys.ts')).revokeKey(await configFrom(args), args.id),
    }),
  },
})

const dead = defineCommand({
  meta: { name: 'dead', description: 'Dead letters: records of which nothing came' },
  subCommands: {
    list: defineCommand({
      meta: { name: 'list', description: 'Show where each lay and why nothing came of it' },
      args: { ...configArgument, json: { type: 'boolean', description: 'One JSON object a line, with the record as base64', default: false } },
      run: async ({ args }) => (await import('./commands/dead.ts')).listDead(await configFrom(args), { json: args.json }),
    }),
  },
})

const rules = defineCommand({
  meta: { name: 'rules', description: 'Rules on logs: export, import' },
  subCommands: {
    export: defineCommand({
      meta: { name: 'export', description: 'Print all rules as a file' },
      args: { ...configArgument, ...tenantArgument },
      run: async ({ args }) => (await import('./commands/rules.ts')).exportRules(await configFrom(args), { tenant: args.tenant }),
    }),
    import: defineCommand({
      meta: { name: 'import', description: 'Replace all rules by a file, JSON or YAML' },
      args: { ...configArgument, ...tenantArgument, file: { type: 'positional', description: 'The file', required: true } },
      run: async ({ args }) => (await import('./commands/rules.ts')).importRules(await configFrom(args), { path: args.file, tenant: args.tenant }),
    }),
  },
})

const scenarios = defineCommand({
  meta: { name: 'scenarios', description: 'Business scenarios: export, import' },
  subCommands: {
    export: defineCommand({
      meta: { name: 'export', description: 'Print all scenarios as a file' },
      args: { ...configArgument, ...tenantArgument },
      run: async ({ args }) => (await import('./commands/scenarios.ts')).exportScenarios(await configFrom(args), { tenant: args.tenant }),
    }),
    import: defineCommand({
      meta: { name: 'import', description: 'Take scenarios from a file, JSON or YAML: those of the same name are changed, the others stay' },
      args: { ...configArgument, ...tenantArgument, file: { type: 'positional', description: 'The file', required: true } },
      run: async ({ args }) => (await import('./commands/scenarios.ts')).importScenarios(await configFrom(args), { path: args.file, tenant: args.tenant }),
    }),
  },
})

const migrate = defineCommand({
  meta: { name: 'migrate', description: 'Bring the store to this version, as skein up does by itself' },
  args: configArgument,
  run: async ({ args }) => (await import('./commands/migrate.ts')).migrate(await configFrom(args)),
})

const doctor = defineCommand({
  meta: { name: 'doctor', description: 'Check ports, disk, memory, engine and versions, and say what to do' },
  args: configArgument,
  async run({ args }) {
    const { examine, report } = await import('./commands/doctor.ts')
    process.exitCode = report(await examine(await configFrom(args)), print)
  },
})

const build = defineCommand({
  meta: { name: 'build', description: 'Install what is missing and build the web interface, as skein up does by itself' },
  run: async () => (await import('./commands/build.ts')).build(print),
})

const settings = defineCommand({
  meta: { name: 'settings', description: 'Every setting with its environment name and default' },
  run: async () => print((await import('./settings.ts')).settingsPage()),
})

const version = defineCommand({
  meta: { name: 'version', description: 'Versions of Skein and of what it runs on' },
  run: () => print(`skein ${skeinVersion()} (node ${process.versions.node}, ${process.platform} ${process.arch})`),
})

const root = defineCommand({
  meta: { name: 'skein', version: skeinVersion(), description: 'Observability: traces and logs in, a discovered map out' },
  subCommands: {
    up,
    collector: roleCommand('collector', 'Receive OTLP and make it durable'),
    ingest: roleCommand('ingest', 'Turn the log into rows, the map and rollups'),
    query: roleCommand('query', 'Serve the web interface and the API'),
    agent,
    engine: roleCommand('engine', 'Ingest and query in one process, as skein up starts it', true),
    demo,
    keys,
    dead,
    rules,
    scenarios,
    migrate,
    doctor,
    build,
    settings,
    version,
  },
})

async function configFrom(args: Record<string, unknown>) {
  const config = await loadConfig(typeof args['config'] === 'string' ? args['config'] : undefined, process.env)
  return args['insecure-http'] === true ? { ...config, insecureHttp: true } : config
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function main(words: readonly string[]): Promise<void> {
  const found = findCommand(root, words)
  const { command, parents, rest } = found
  if (rest.includes('--version') && parents.length === 0) return print(skeinVersion())
  const asked = rest.includes('--help') || rest.includes('-h')
  if (!asked) mustKnowWords(found)
  const { isTTY } = process.stdout
  if (asked || command.subCommands !== undefined) return print(await usageOf(found, isTTY && !process.env['NO_COLOR']))
  await runCommand(command, { rawArgs: rest })
}

/** What the person at the terminal reads, and the exit status. */
function failureOf(error: unknown): { lines: readonly string[]; status: number } {
  if (error instanceof ConfigError) return { lines: error.problems, status: Exit.config }
  if (!(error instanceof Error)) return { lines: [String(error)], status: Exit.failure }
  if (error.name === 'CLIError') return { lines: [`${error.message}; --help names what there is`], status: USAGE_STATUS }
  const sentence = startSentence(error)
  return sentence === null ? { lines: [error.stack ?? error.message], status: Exit.failure } : { lines: [sentence], status: startExit(error) }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { lines, status } = failureOf(error)
  process.stderr.write(lines.map((line) => `skein: ${line}\n`).join(''), () => process.exit(status))
})
