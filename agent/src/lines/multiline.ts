import type { AgentFiles, MultilinePreset } from '@skein/schemas/agent-config'
import { readRegex } from '@skein/schemas/rules/regex'

/** True when a line begins an event; false when it goes on with the one before. */
export type StartsEvent = (bytes: Buffer, start: number, end: number) => boolean

/** What decides stands at the head of a line. */
const HEAD_BYTES = 256
const SPACE = 0x20
const TAB = 0x09

/** What goes on with the line before, in the words of each runtime's stack traces; lines that begin with white space always do. */
const CONTINUES: Readonly<Record<Exclude<MultilinePreset, 'none' | 'timestamp'>, RegExp>> = {
  java: /^(?:Caused by: |Suppressed: |\.\.\. \d+ |[\w$]+(?:\.[\w$]+)+(?:Exception|Error|Throwable)\b|$)/,
  node: /^(?:[}\])]+[,;]?$|Node\.js v\d|$)/,
  python:
    /^(?:Traceback \(most recent call last\):|During handling of the above exception|The above exception was the direct cause|(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt|Warning|Group)(?:: |$)|$)/,
  go: /^(?:goroutine \d+ |created by |\[signal |exit status \d|[\w./*()[\]-]+\(.*\)$|\.\.\.additional frames elided|$)/,
}

const TIMESTAMP =
  /^[[(<]?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/](?:\d\d|[A-Z][a-z]{2})[-/]\d{4}|\d\d:\d\d:\d\d|(?:[A-Z][a-z]{2},? )?[A-Z][a-z]{2} [ \d]\d |\d{10}(?:\d{3})?\b|[IWEF]\d{4} \d\d:|\d{1,3}(?:\.\d{1,3}){3} - )/

/** Null when every line is an event of its own. A pattern of the operator's runs on an engine whose time grows with the line alone. */
export function startsEvent(multiline: AgentFiles['multiline']): StartsEvent | null {
  if (multiline === 'none') return null
  if (multiline === 'timestamp') return (bytes, start, end) => TIMESTAMP.test(headOf(bytes, start, end))
  if (typeof multiline === 'string') {
    const continues = CONTINUES[multiline]
    return (bytes, start, end) => {
      const first = bytes[start]
      return first !== SPACE && first !== TAB && !continues.test(headOf(bytes, start, end))
    }
  }
  const read = readRegex(multiline.start)
  if (!read.ok) throw new Error(`multiline.start: ${read.message}`)
  const work = { left: Number.POSITIVE_INFINITY }
  return (bytes, start, end) => read.regex.test(bytes.toString('utf8', start, Math.min(end, start + HEAD_BYTES)), work)
}

function headOf(bytes: Buffer, start: number, end: number): string {
  const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES))
  return head.endsWith('\r') ? head.slice(0, -1) : head
}
