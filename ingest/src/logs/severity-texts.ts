import { severityOf } from '@skein/schemas/severity'
import { createByteInterner, type ByteInterner } from '../decode/byte-interner.ts'

/** Longer ones are no severity: they are cut. */
const MAX_TEXT_CHARS = 64

/** Severity texts as they were sent, by number, and what each means as a severity number. Number 0 is the empty text. */
export interface SeverityTexts {
  interner: ByteInterner
  texts: string[]
  severities: number[]
}

export function createSeverityTexts(): SeverityTexts {
  const all: SeverityTexts = { interner: createByteInterner(), texts: [], severities: [] }
  forgetTexts(all)
  return all
}

export function forgetTexts(all: SeverityTexts): void {
  all.interner.clear()
  all.texts = []
  all.severities = []
  const none = Buffer.alloc(4)
  textNumber(all, { bytes: none, view: new DataView(none.buffer, none.byteOffset, 4) }, 0, 0)
}

export function textNumber(all: SeverityTexts, source: { bytes: Buffer; view: DataView }, start: number, end: number): number {
  const number = all.interner.intern(source.bytes, source.view, start, end)
  if (number === all.texts.length) {
    const text = source.bytes.toString('utf8', start, end).replaceAll('\0', '\ufffd').slice(0, MAX_TEXT_CHARS)
    all.texts.push(text)
    all.severities.push(severityOf(text.trim()) ?? 0)
  }
  return number
}
