import { expect, it } from 'vitest'
import { replayPath } from './url.ts'

const nothing = { scenario: '', run: '', cohort: '', session: '' }

it('an address asks for a session, a run or a cohort, and for nothing when it names none', () => {
  expect(replayPath(nothing)).toBeNull()
  expect(replayPath({ ...nothing, scenario: 'a' })).toBeNull()
  expect(replayPath({ ...nothing, session: 'a/b' })).toEqual({ path: '/api/sessions/a%2Fb/replay', query: {} })
  expect(replayPath({ ...nothing, scenario: 'a', run: '1-s' })).toEqual({ path: '/api/scenarios/a/replay', query: { run: '1-s' } })
  expect(replayPath({ ...nothing, scenario: 'a', cohort: 'k:v' })).toEqual({ path: '/api/scenarios/a/replay', query: { cohort: 'k:v' } })
})
