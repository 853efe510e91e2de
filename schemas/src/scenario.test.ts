import { describe, expect, it } from 'vitest'
import { readScenario, withinMs } from './scenario.ts'

const step = (name: string, match: object = { kind: 'span', service: 'gateway', operation: `GET /${name}` }) => ({ name, match })
const definition = { name: 'prime-time play', key: 'session', within: '10m', steps: [step('login'), step('epg'), step('play')], success: 'play' }

function messages(value: unknown): string[] {
  const read = readScenario(value)
  return read.ok ? [] : read.errors.map((error) => error.message)
}

describe('a scenario', () => {
  it('of spans and device records is read as written', () => {
    const steps = [step('epg'), { ...step('play', { kind: 'device', event: 'startup', where: 'first_frame_ms > 0' }), slowMs: 2000, optional: true }]
    expect(readScenario({ ...definition, steps })).toEqual({ ok: true, definition: { ...definition, steps } })
    expect(withinMs({ within: '2h' })).toBe(7_200_000)
  })

  it.each([
    [{ ...definition, success: 'watch' }, 'success names watch, which is no step: login, epg, play'],
    [{ ...definition, within: '10' }, 'within is not a length of time: give 30s, 10m or 2h'],
    [{ ...definition, within: '25h' }, 'within is not between 1s and 24h'],
    [{ ...definition, key: 'cookie' }, 'key is not session, user, trace or attribute:<key>'],
    [{ ...definition, steps: [] }, 'steps has no steps'],
    [{ ...definition, steps: [step('login'), step('login'), step('play')] }, 'step 2 "login" has the name of step 1'],
    [
      { ...definition, steps: [step('login'), step('play', { kind: 'span' })] },
      'step 2 "play", match needs a service or an operation: else every span is this step',
    ],
    [{ ...definition, steps: [step('play', { kind: 'device' })] }, 'step 1 "play", event is missing: a device record is known by its event'],
    [
      { ...definition, steps: [step('play', { kind: 'span', event: 'startup', service: 'tv' })] },
      'step 1 "play", event is for device records; a span has an operation',
    ],
    [
      { ...definition, steps: [step('login'), step('play', { kind: 'span', service: 'a', where: 'stall_ms = ' })] },
      'step 2 "play", where column 12: stall_ms = needs a value',
    ],
    [{ ...definition, steps: [step('play', { kind: 'log', service: 'a' })] }, 'step 1 "play", kind must be span or device'],
    [{ ...definition, steps: [step('play'), { name: 'x' }] }, 'step 2 "x", match is missing'],
    [{ ...definition, steps: [{ ...step('play'), optional: true }] }, 'step 1 "play", optional is the start of every run and cannot be optional'],
    [{ ...definition, colour: 'red' }, 'the definition has no colour'],
  ])('that is not valid names the step and the reason: %#', (value, message) => {
    expect(messages(value)).toContain(message)
  })

  it('that is nothing of the kind is refused, not thrown at', () => {
    for (const value of [null, 7, [], { steps: 'x' }, { steps: [null] }]) expect(messages(value).length).toBeGreaterThan(0)
  })
})
