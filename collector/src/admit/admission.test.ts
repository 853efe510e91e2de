import { describe, expect, it } from 'vitest'
import { type Caller, createAdmission, isLoopback, isOwnMachine } from './admission.ts'

const local: Caller = { header: () => undefined, host: '127.0.0.1:4318', remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' }

describe('a caller without a key', () => {
  it.each(['localhost', 'localhost:4318', 'LOCALHOST:4318', '127.0.0.1', '127.0.0.1:4318', '[::1]', '[::1]:4318'])('may come by host %s', (host) => {
    expect(isOwnMachine({ ...local, host })).toBe(true)
  })

  it.each([undefined, '', 'localhost.evil.example', 'evil.example', '127.0.0.1.nip.io', '127.0.0.1@evil.example', '127.0.0.2', 'localhost:4318/x', '0.0.0.0'])(
    'may not come by host %s',
    (host) => {
      expect(isOwnMachine({ ...local, host })).toBe(false)
    },
  )

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '128.0.0.1', 'fe80::1', undefined])('may not come from %s, nor to it', (address) => {
    expect(isOwnMachine({ ...local, remoteAddress: address })).toBe(false)
    expect(isOwnMachine({ ...local, localAddress: address })).toBe(false)
  })

  it.each(['origin', 'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])('may not have the header %s', (name) => {
    expect(isOwnMachine({ ...local, header: (asked) => (asked === name ? '' : undefined) })).toBe(false)
  })

  it('loopback has more than one address', () => {
    expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
  })

  it('needs one all the same when a listener is reachable from elsewhere', async () => {
    const unused = async (): Promise<never> => {
      throw new Error('no key, no look-up')
    }
    const keys = { create: unused, list: unused, revoke: unused, authenticate: unused }
    expect(await createAdmission({ keys, keyless: true }).admit(local)).toMatchObject({ ok: true, principal: { tenant: 'default', keyId: '' } })
    expect(await createAdmission({ keys, keyless: false }).admit(local)).toMatchObject({ ok: false, refusal: { reason: 'unauthenticated' } })
  })
})
