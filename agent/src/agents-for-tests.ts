import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { agentFor, makePlace, type Place, type TestAgent, until } from './agent-for-tests.ts'
import { type Sink, startSink } from './sink-for-tests.ts'

/** For each test a place for files and positions and a sink of its own; what was started is stopped after it. */
export function agentsForTests() {
  let place: Place
  let sink: Sink
  let agents: TestAgent[] = []
  beforeEach(async () => {
    place = makePlace()
    sink = await startSink()
    agents = []
  })
  afterEach(async () => {
    for (const agent of agents) await agent.stop(0)
    await sink.close()
  })
  const log = (name: string): string => join(place.logs, name)
  const arrived = (count: number): Promise<void> =>
    until(
      () => sink.lines.length >= count,
      () => `${count} lines, have ${JSON.stringify(sink.bodies()).slice(0, 2000)}`,
    )
  return {
    place: () => place,
    sink: () => sink,
    log,
    put: (name: string, text: string): void => appendFileSync(log(name), text),
    arrived,
    async started(options: Parameters<typeof agentFor>[2] = {}): Promise<TestAgent> {
      const agent = agentFor(place, sink.url, options)
      agents.push(agent)
      await agent.start()
      return agent
    },
    async stopped(agent: TestAgent): Promise<void> {
      agents.splice(agents.indexOf(agent), 1)
      await agent.stop(1000)
    },
    /** All of these, each once, in whatever order; nothing was taken for a repeat that is none. */
    async expectLines(expected: readonly string[]): Promise<void> {
      await arrived(expected.length)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect([...sink.bodies()].sort()).toEqual([...expected].sort())
      expect(sink.mistaken).toEqual([])
    },
  }
}
