import { expect, it } from 'vitest'
import { Exit, StartError, startExit, startSentence } from './start-error.ts'

function named(name: string, message = 'because'): Error {
  return Object.assign(new Error(message), { name })
}

it.each(['LogVersionError', 'StoreVersionError', 'UnsafeAddressError', 'WeakLogError', 'ListenError'])(
  '%s is told in its own words, and somebody has to mend it',
  (name) => {
    expect(startSentence(named(name))).toBe('because')
    expect(startExit(named(name))).toBe(Exit.config)
  },
)

it.each(['LogUnavailableError', 'StoreUnavailableError'])('%s says where to look, and a service manager may try again', (name) => {
  expect(startSentence(named(name))).toContain('does not answer: because')
  expect(startExit(named(name))).toBe(Exit.unavailable)
})

it('a store that nothing was made in yet says what makes it, and may be tried again', () => {
  const error = named('StoreUnavailableError', 'Database skein does not exist. ')
  expect(startSentence(error)).toBe('ClickHouse has no database of Skein yet: run skein migrate first.')
  expect(startExit(error)).toBe(Exit.unavailable)
})

it('a data directory that is in use says by what, and what to do', () => {
  expect(startSentence(named('LogLockedError', 'in use by process 7; stop it first'))).toBe(
    'Another Skein runs on this data directory: in use by process 7; stop it first, or set SKEIN_DATA_DIR to another one.',
  )
  expect(startExit(named('LogLockedError'))).toBe(Exit.config)
})

it('a port or an address says which and what to do', () => {
  const error = (code: string) => Object.assign(new Error('x'), { code, port: 4318, address: '127.0.0.1' })
  expect(startSentence(error('EADDRINUSE'))).toContain('Port 4318 is in use on 127.0.0.1')
  expect(startSentence(error('EACCES'))).toContain('above 1023')
  expect(startSentence(error('EADDRNOTAVAIL'))).toContain('SKEIN_HOST')
})

it('what nobody foresaw has no sentence', () => {
  expect(startSentence(new Error('x'))).toBeNull()
  expect(startSentence('x')).toBeNull()
})

it('an own exit status is kept', () => {
  expect(startExit(new StartError('x', 64))).toBe(64)
})
