import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { severityClass } from '../severity.ts'
import { createSeverityInLine } from './severity-in-line.ts'

const severityInLine = createSeverityInLine()
const classOf = (line: string): string => {
  const bytes = Buffer.from(line)
  return severityClass(severityInLine(bytes, 0, bytes.length))
}
const TIME = '2026-11-25T10:00:00.123Z'

/** What loggers write, by the class it is of. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  trace: [
    `${TIME} TRACE tokio::net: polled`,
    '{"@l":"Verbose","@m":"x"}',
    'level=trace msg=x',
    '{"level":10,"msg":"x"}',
    '2026.11.25 10:00:00.123456 [ 77 ] {a1b2} <Trace> MergeTree: part',
  ],
  debug: [
    '10:00:00.123 [main] DEBUG c.e.App -- started',
    '{"level":"debug","ts":1.7e9,"msg":"x"}',
    '10:00AM DBG listening addr=:8080',
    '[10:00:00 DBG] Request starting',
    'dbug: Microsoft.AspNetCore[0]\n      x',
    '2026-11-25 10:00:00.123 UTC [12] DEBUG1:  mapped',
    'DEBU[0003] pulling image',
    '<7>tick',
    'FINE: com.example polled',
  ],
  info: [
    '2026-11-25 10:00:00,123 [http-nio-8080-exec-1] INFO  com.example.App - started in 3 s',
    '2026-11-25T10:00:00.123+08:00  INFO 12345 --- [epg] [main] c.e.App : Started',
    'INFO:root:hello',
    'INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK',
    '2026-11-25 10:00:00,123 - root - INFO - hello',
    '2026-11-25 10:00:00,123 root INFO hello',
    `${TIME}\tINFO\tmain.go:12\tlistening`,
    '1.7640000123e+09\tinfo\tmain.go:12\tlistening',
    '2026/11/25 10:00:00 INFO listening addr=:8080',
    `time=${TIME} level=INFO msg="GET ERROR page" code=5`,
    `time="2026-11-25T10:00:00Z" level=info msg="Attached"`,
    'INFO[0000] A group of walrus emerges',
    '10:00AM INF listening',
    `${TIME}  INFO app::server: listening`,
    `\u001b[2m${TIME}\u001b[0m \u001b[32m INFO\u001b[0m \u001b[2mapp\u001b[0m\u001b[2m:\u001b[0m listening`,
    `[2026-11-25T10:00:00Z INFO  app] listening`,
    '2026-11-25 10:00:00.123 UTC [123] LOG:  database system is ready to accept connections',
    'info: listening on 8080',
    '\u001b[32minfo\u001b[39m: listening on 8080',
    `${TIME} [info]: listening`,
    '{"level":30,"time":1764000000000,"pid":1,"hostname":"h","msg":"ERROR in text"}',
    '{"name":"app","hostname":"h","pid":1,"level":30,"msg":"x","v":0}',
    '[10:00:00 INF] Request finished',
    '{"Timestamp":"10:00","EventId":0,"LogLevel":"Information","Category":"App"}',
    'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://localhost',
    '\u001b[40m\u001b[32minfo\u001b[39m\u001b[22m\u001b[49m: Microsoft.Hosting.Lifetime[14]',
    '<6>started',
    '<14>Nov 25 10:00:00 host app: ERROR in the text',
    'I1125 10:00:00.123456       1 server.go:42] listening',
    '[2026-11-25 10:00:00 +0000] [123] [INFO] Booting worker',
    '[2026-11-25 10:00:00,123: INFO/MainProcess] Task received',
    'I, [2026-11-25T10:00:00.123456 #123]  INFO -- : Started GET "/"',
    '[2026-11-25T10:00:00,123][INFO ][o.e.n.Node] [n1] started',
    '[2026-11-25 10:00:00,123] INFO [Controller id=1] ready (kafka.controller)',
    '[2026-11-25 10:00:00.123][1][info][main] [source/server/server.cc:1] x',
    '2026-11-25 10:00:00.123 | INFO     | app.main:run:12 - hello',
    '2026-11-25 10:00:00.123 | SUCCESS  | app.main:run:12 - hello',
    'INFO  [main] 2026-11-25 10:00:00,123 StorageService.java:1 - up',
    '10:00:00.123 [info] Running App.Endpoint',
    'Nov 25, 2026 10:00:00 AM com.example.App main\nINFO: started',
    '25-Nov-2026 10:00:00.123 INFO [main] org.apache.catalina.startup',
    `${TIME} 0 [Note] mysqld: ready`,
    '[10:00:00.123] INFO (77): listening',
    `[${TIME}]  INFO: app/77 on host: listening`,
    '{"log.level":"info","message":"x"}',
    '{"@timestamp":"x","log":{"logger":"a","level":"info"},"message":"x"}',
    `{"@timestamp":"${TIME}","@version":"1","message":"a \\"quoted\\" {level}","logger_name":"x","level":"INFO"}`,
    '{"severity_number":9,"body":"x"}',
    `app  | ${TIME} [INFO]  agent: joined`,
    'INFO connect ERROR',
    'notice: x',
    '  \tINFO x',
    'level:info\tmsg:x',
  ],
  warn: [
    '2026-11-25 WARN foo',
    'WARNING:root:careful',
    '2026/11/25 10:00:00 [warn] 12#0: conflicting server name',
    '{"level":"warning","msg":"x"}',
    `${TIME} 0 [Warning] [MY-010068] [Server] CA certificate`,
    'Nov 25 10:00:00 tv-1 epg[77]: WARN slow',
    'Nov 25 10:00:00 gateway epg[77]: WARN slow',
    'lvl=warn msg=x',
    'W1125 10:00:00.123456       1 x.go:1] slow',
    '<4>hot',
    '[WARNING] 329/100000 (1) : Server down',
    '[25-Nov-2026 10:00:00 UTC] PHP Warning:  Undefined variable in x.php',
    'ld: warning: symbol not found',
    'warn: x',
    '77:C 25 Nov 2026 10:00:00.123 # WARNING: The TCP backlog setting',
    '2026.11.25 10:00:00.123456 [ 77 ] {} <Warning> Application: x',
  ],
  error: [
    '2026/11/25 10:00:00 [error] 123#0: *1 open() "/x" failed (2: No such file)',
    '[Wed Nov 25 10:00:00.123456 2026] [core:error] [pid 12:tid 34] AH00124',
    'ERROR: relation "x" does not exist',
    'error: something failed',
    'Error: Cannot find module',
    '2026-11-25 10:00:00 UTC [12] tv@epg ERROR:  duplicate key value',
    `${TIME} error: payment failed`,
    'level=error',
    '{"level":"error"}',
    '{"level":50}',
    '{"msg":"x","SEVERITY":"ERROR"}',
    'ERRO[0004] failed',
    'fail: Microsoft.AspNetCore.Server[13]\n      x',
    '[10:00:00 ERR] Unhandled',
    '[2026-11-25 10:00:00] production.ERROR: Undefined index',
    'SEVERE: x',
    'sshd[123]: error: maximum authentication attempts exceeded',
    '<3>disk failed',
    'E1125 10:00:00.123456       1 x.go:1] failed',
    `${TIME} ERROR 登录失败`,
    'request done code=500 level=error',
    'request done "level=info" code=500 level=error',
    '2026.11.25 10:00:00.123456 [ 77 ] {a-b} <Error> executeQuery: Code: 60',
    'ERROR\n\tat x',
    'Failed: error: x',
    `${TIME} {"msg":"a","level":"error"}`,
    'gcc: error: no input files',
    '[\u001b[31mERROR\u001b[0m] x',
  ],
  fatal: [
    '2026-11-25 10:00:00.123 CST [12] FATAL:  the database system is starting up',
    '2026-11-25 10:00:00,123 - app - CRITICAL - out of memory',
    '{"level":"fatal","msg":"x"}',
    '{"level":60}',
    'crit: Microsoft.AspNetCore[6]\n x',
    '2026/11/25 10:00:00 [emerg] 1#1: bind() to 0.0.0.0:80 failed',
    '<0>panic',
    'panic: runtime error: index out of range',
    'F1125 10:00:00.123456       1 x.go:1] gone',
    '[10:00:00 FTL] Host terminated',
    '[2026-11-25T10:00:00+00:00] request.CRITICAL: Uncaught',
    'level=dpanic msg=x',
  ],
  none: [
    '',
    ' ',
    'no errors found',
    'Found 2 ERROR lines',
    '2 ERROR lines found',
    'User typed ERROR in the search box',
    'HTTP ERROR 404',
    '5 errors, 3 warnings',
    'the level of the river is high',
    'retrying after error',
    'connection error: reset',
    'status: error',
    'state: ERROR',
    'Changed log level=debug',
    'set log level to debug',
    'TRACE /path HTTP/1.1',
    'TRACE * HTTP/1.1',
    'LOG IN failed for viewer 5',
    'http: TLS handshake timeout',
    '10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /ERROR?level=error HTTP/1.1" 200 12 "-" "curl/8"',
    '77:M 25 Nov 2026 10:00:00.123 * Ready to accept connections',
    '77:M 25 Nov 2026 10:00:00.123 # Server initialized',
    'systemd[1]: Failed to start nginx.service',
    'Exception in thread "main" java.lang.Error: ERROR',
    '\tat com.example.ERROR.run(ERROR.java:1)',
    'java.lang.IllegalStateException: FATAL',
    'ValueError: invalid literal',
    '{"error":"level","msg":"level"}',
    '{"level":"high","severity":5}',
    '{"a":{"level":"error"}}',
    '{"a":[{"level":"error"}],"b":"\\"level\\":\\"error\\""}',
    '{"a":"\\\\","level":7}',
    '{"message":"level=error"}',
    '{"level"',
    '{"level":"err',
    '[1,2,{"level":"error"}]',
    '<error>x</error>',
    '<999>x',
    '<>x',
    'errorlevel=5',
    'xlevel=error',
    'ERROR_CODE=5',
    'error_rate=0.5 level=high',
    'WARNINGS 5',
    'INFORMATIONAL x',
    'mirror ERROR page shown',
    '用户 ERROR 页面',
    '用户登录失败',
    'GET /level/error 200',
    'name="ERROR" x=1',
    'played channel ch-7 for viewer 77 in 90 ms level=',
    'level=',
    'level="error',
    '\u001b',
    '\u001b[31m',
    'E1125 foo',
    'Tests run: 5, Failures: 0, ERROR: 0',
    'may I ask: error',
    'app level="info" x',
  ],
}

describe('a line says its severity', () => {
  for (const [name, lines] of Object.entries(LINES)) {
    test(`${name}: as loggers write it`, () => {
      expect(lines.map((line) => `${classOf(line)} ${line}`)).toEqual(lines.map((line) => `${name} ${line}`))
    })
  }

  test('within the head of a text alone, whose last piece may be cut', () => {
    expect(classOf(`${'a.b '.repeat(61)}level=error`)).toBe('error')
    expect(classOf(`${'a.b '.repeat(61)}x level=error`)).toBe('none')
    expect(classOf(`${'a.b '.repeat(80)}level=error`)).toBe('none')
    expect(classOf(`${'a.b '.repeat(61)}ERROR ${'x'.repeat(999)}`)).toBe('error')
    expect(classOf(`${'a.b '.repeat(63)}INFO${'RMATION'.repeat(99)}`)).toBe('none')
  })

  test('in JSON of some kilobytes, however deep', () => {
    expect(classOf(`{"m":"${'x'.repeat(3000)}","level":"warn"}`)).toBe('warn')
    expect(classOf(`{"m":"${'x'.repeat(5000)}","level":"warn"}`)).toBe('none')
    expect(classOf(`{"m":${'['.repeat(1000)}1${']'.repeat(1000)},"level":"warn"}`)).toBe('warn')
    expect(classOf('{"log":'.repeat(500))).toBe('none')
  })

  test('whatever the bytes, and only by those of the line', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'ERROR',
        'level',
        '=',
        ':',
        '"',
        '{',
        '}',
        '[',
        ']',
        '|',
        ' ',
        '\t',
        '\u001b[31m',
        '\u001b',
        '<',
        '3',
        '>',
        '\\',
        'info',
        '12:00',
        "'",
        '\n',
      ),
      fc.string({ maxLength: 5 }),
    )
    const tail = fc.constantFrom('ERROR: x', '\t', ']', '"', '[', ':', '|', '\u001b[0m:', '>', '=error', '\u001b[0m]', '5')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.string({ maxLength: 20 }), tail, (pieces, around, behind) => {
        const line = Buffer.from(pieces.join(''))
        const before = Buffer.from(around)
        const alone = severityInLine(line, 0, line.length)
        expect(alone).toBeGreaterThanOrEqual(0)
        expect(alone).toBeLessThanOrEqual(24)
        const all = Buffer.concat([before, line, Buffer.from(behind)])
        expect(severityInLine(all, before.length, before.length + line.length)).toBe(alone)
      }),
      { numRuns: 2000 },
    )
  })
})
