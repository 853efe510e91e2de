import { describe, expect, it } from 'vitest'
import { saidFirst, saidInTemplate } from './said-first.ts'

describe('a body that is a JSON object', () => {
  it('says its message first, then what only it knows, then what every line of its logger repeats', () => {
    expect(saidFirst('{"level":"info","trace_id":"ab","status":502,"msg":"GET /epg 502","tags":["a"]}')).toEqual({
      message: 'GET /epg 502',
      rest: 'status=502 tags=["a"] level=info trace_id=ab',
    })
  })

  it('is shown as it was sent when it has no message, is no object, or is cut', () => {
    for (const body of ['{"level":"info"}', '{"msg":7}', '["msg"]', '{"msg":"half', 'plain text']) expect(saidFirst(body)).toBeNull()
  })
})

describe('the template of lines that are JSON objects', () => {
  it('says their message first, with its slots', () => {
    expect(saidInTemplate('{"level":"<*>","msg":"order <*> sent","card":"<*>"}')).toEqual({ message: 'order <*> sent', rest: '{"level":"<*>","card":"<*>"}' })
    expect(saidInTemplate('{"level":"<*>","msg":"order <*> sent"}')).toEqual({ message: 'order <*> sent', rest: '{"level":"<*>"}' })
  })

  it('is shown whole where no message is found in it', () => {
    for (const template of ['<*> - - [<*>] "msg":"x"', '{"level":"<*>"}', '{"msg":"<*>']) expect(saidInTemplate(template)).toBeNull()
  })
})
