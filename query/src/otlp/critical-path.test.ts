import type { SpanRow } from '@skein/store/contract-traces'
import { describe, expect, it } from 'vitest'
import { criticalPathOf } from './critical-path.ts'

const row = (spanId: string, parentSpanId: string, startNs: string, durationNs: string): SpanRow => ({
  spanId,
  parentSpanId,
  name: spanId,
  kind: 1,
  status: 0,
  message: '',
  service: 'api',
  scope: '',
  startNs,
  durationNs,
  resource: '',
  attributes: [],
  events: new Uint8Array(0),
  links: new Uint8Array(0),
})

describe('the critical path of stored spans', () => {
  it('is exact to the nanosecond', () => {
    const path = criticalPathOf([row('a', '', '1795546621411000001', '1000000003'), row('b', 'a', '1795546621411000002', '1000000001')])
    expect(path).toEqual([
      { spanId: 'a', startUnixNano: '1795546621411000001', endUnixNano: '1795546621411000002' },
      { spanId: 'b', startUnixNano: '1795546621411000002', endUnixNano: '1795546622411000003' },
      { spanId: 'a', startUnixNano: '1795546622411000003', endUnixNano: '1795546622411000004' },
    ])
  })

  it('stays exact beside a span whose clock says 1970', () => {
    const path = criticalPathOf([row('b', 'a', '17', '40'), row('a', '', '1795546621411000001', '3'), row('c', 'a', '1795546621411000002', '1')])
    expect(path.map(({ spanId, startUnixNano }) => `${spanId} ${startUnixNano.slice(-3)}`)).toEqual(['a 001', 'c 002', 'a 003'])
  })

  it('takes a span whose parent is not there for a root only when there is no other', () => {
    expect(criticalPathOf([row('b', 'x', '10', '90'), row('a', '', '20', '5')])).toEqual([{ spanId: 'a', startUnixNano: '20', endUnixNano: '25' }])
    expect(criticalPathOf([row('b', 'x', '10', '90')])).toEqual([{ spanId: 'b', startUnixNano: '10', endUnixNano: '100' }])
  })

  it('is empty where no time passed', () => {
    expect(criticalPathOf([])).toEqual([])
    expect(criticalPathOf([row('a', '', '10', '0')])).toEqual([])
  })
})
