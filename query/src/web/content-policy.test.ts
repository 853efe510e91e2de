import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentPolicyOf } from './content-policy.ts'

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const directive = (policy: string, name: string) => policy.split('; ').find((each) => each.startsWith(`${name} `))

describe('the policy of a page', () => {
  it('lets exactly its inline scripts run, by hash', () => {
    const policy = contentPolicyOf('<head><script src="/a.js"></script><script id="x">go()\n</script></head><script type="module">1 < 2</script>')
    expect(directive(policy, 'script-src')).toBe(`script-src 'self' ${hash('go()\n')} ${hash('1 < 2')}`)
  })

  it('never allows what is inline in general, nor any other host', () => {
    const policy = contentPolicyOf('<script>x</script><style>y</style><p style="color:red">')
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/)
    expect(directive(policy, 'object-src')).toBe("object-src 'none'")
    expect(directive(policy, 'frame-ancestors')).toBe("frame-ancestors 'none'")
  })

  it('names inline styles and the values of style attributes, entities read', () => {
    const policy = contentPolicyOf('<style>p{}</style><p style="font-family:&quot;A&quot;">')
    expect(directive(policy, 'style-src')).toBe(`style-src 'self' ${hash('p{}')}`)
    expect(directive(policy, 'style-src-attr')).toBe(`style-src-attr 'unsafe-hashes' ${hash('font-family:"A"')}`)
  })

  it('has no hashes on a page without anything inline', () => {
    const policy = contentPolicyOf('<script src="/a.js"></script><p>style="no"</p>')
    expect(directive(policy, 'script-src')).toBe("script-src 'self'")
    expect(directive(policy, 'style-src-attr')).toBeUndefined()
  })

  it('names the same script once', () => {
    expect(contentPolicyOf('<script>x</script><script>x</script>').split('sha256').length).toBe(2)
  })
})
