import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestAgent, until } from '../agent-for-tests.ts'
import { agentsForTests } from '../agents-for-tests.ts'

/** A journal of its own, of the journald of this machine: a namespace has its own sockets and files. */
const NAMESPACE = `skeintest${process.pid}`
const JOURNALD = '/lib/systemd/systemd-journald'
const SOCKETS = `/run/systemd/journal.${NAMESPACE}`
const SOCKET = `${SOCKETS}/dev-log`
const FILES = ['/var/log/journal', '/run/log/journal']
const CALL = 'are you there?'
const AGAIN_MS = 200
const QUIET_MS = 1500
/** More than whoever follows is shown at once. */
const AWAY = Array.from({ length: 40 }, (_, at) => `while away ${at}`)

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
const canRun = process.platform === 'linux' && process.getuid?.() === 0 && existsSync(JOURNALD) && has('journalctl') && has('logger')
if (!canRun) console.warn('SKIPPED: no real journald here (needs Linux, root, systemd-journald, journalctl and logger)')

describe.skipIf(!canRun)('a real journald', () => {
  const { sink, started, stopped } = agentsForTests()
  let journald: ChildProcess

  beforeAll(async () => {
    journald = spawn(JOURNALD, [NAMESPACE], { stdio: 'ignore' })
    await until(() => existsSync(SOCKET), 'the socket of journald')
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => journald.once('exit', resolve))
    journald.kill()
    await ended
    for (const folder of FILES.filter(existsSync))
      for (const name of readdirSync(folder)) if (name.endsWith(`.${NAMESPACE}`)) rmSync(`${folder}/${name}`, { recursive: true })
    rmSync(SOCKETS, { recursive: true, force: true })
  })

  function say(text: string | Buffer, { tag = 'shop', priority = 'user.info' } = {}): void {
    execFileSync('logger', ['--socket', SOCKET, '--size', '100000', '--tag', tag, '--priority', priority], { input: text })
  }

  const startedHere = (): Promise<TestAgent> =>
    started({ config: { journald: { enabled: true, units: [] } }, deps: { journalCommand: ['journalctl', `--namespace=${NAMESPACE}`] } })

  /** Without a place to go on from an agent begins with what comes now: when that is, the first line tells that it sends. */
  async function following(): Promise<TestAgent> {
    const agent = await startedHere()
    const calling = setInterval(() => say(CALL), AGAIN_MS)
    await until(() => sink().lines.length > 0, 'a first line').finally(() => clearInterval(calling))
    return agent
  }

  /** Without what journald says itself. */
  const told = (): string[] =>
    sink()
      .lines.filter(({ resource, body }) => resource['service.name'] !== 'systemd-journald' && body !== CALL)
      .map(({ body }) => body)

  it('is followed with its levels, names and times, whatever bytes a message is of', async () => {
    await following()
    const beforeMs = Date.now()
    say('payment refused', { tag: 'pay', priority: 'user.err' })
    say('支付失败，请重试')
    say('x'.repeat(20_000))
    say(Buffer.from([0x66, 0xff, 0x6f]))
    await until(() => told().length === 4, 'four lines')
    expect(told()).toEqual(['payment refused', '支付失败，请重试', 'x'.repeat(20_000), 'f\ufffdo'])
    const line = sink().lines.find(({ body }) => body === 'payment refused')
    expect(line).toMatchObject({ severity: 17, resource: { 'service.name': 'pay' }, attributes: { 'syslog.identifier': 'pay' } })
    expect(Number(BigInt(line?.timeNs ?? 0) / 1_000_000n)).toBeGreaterThanOrEqual(beforeMs - 1)
  })

  it('gives each line once through a rotation, a killed journalctl and a restart of the agent', async () => {
    const agent = await following()
    say('before')
    await until(() => told().length === 1, 'the first line')
    execFileSync('journalctl', [`--namespace=${NAMESPACE}`, '--rotate'])
    say('after the rotation')
    await until(() => told().length === 2, 'a line of the new file')
    const readers = execFileSync('pgrep', ['-f', `journalctl --namespace=${NAMESPACE} --output`], { encoding: 'utf8' })
      .trim()
      .split('\n')
    for (const reader of readers) process.kill(Number(reader), 'SIGKILL')
    say('after the kill')
    await until(() => told().length === 3, 'a line after journalctl was killed')
    await stopped(agent)
    say(AWAY.join('\n'))
    execFileSync('journalctl', [`--namespace=${NAMESPACE}`, '--sync'])
    // what journald still does to its file would wake whoever waits for the next entry
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    await startedHere()
    await until(() => told().length === 3 + AWAY.length, 'what came meanwhile, though nothing comes now')
    say('back')
    await until(() => told().length === 4 + AWAY.length, 'what comes then')
    expect(told()).toEqual(['before', 'after the rotation', 'after the kill', ...AWAY, 'back'])
  })
})
