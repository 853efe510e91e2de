'use client'
import type { SeverityClass } from '@skein/schemas/severity'
import { SEVERITY_CLASSES } from '@skein/schemas/severity'
import type { TagTone } from '../ui/chip.tsx'
import { Tag } from '../ui/chip.tsx'

interface Look {
  /** Token of its bars and of the stripe beside its lines. */
  color: string
  tone: TagTone
  /** In a 10 × 10 box, so that it is told without colour too. */
  shape: string
}

const LOOKS: Readonly<Record<SeverityClass, Look>> = {
  fatal: { color: 'heat-6', tone: 'bad', shape: 'M.8.8h8.400v8.400H.8Z' },
  error: { color: 'bad', tone: 'bad', shape: 'M5 .3 9.700 5 5 9.700.3 5Z' },
  warn: { color: 'degraded', tone: 'degraded', shape: 'M5 .8 9.600 9H.4Z' },
  info: { color: 'border-strong', tone: 'plain', shape: 'M5 1.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7' },
  debug: { color: 'seq-2', tone: 'plain', shape: 'M5 1.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7m0 2a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3' },
  trace: { color: 'seq-1', tone: 'plain', shape: 'M5 3.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3' },
  none: { color: 'unknown', tone: 'plain', shape: 'M1.500 4.300h7v1.400h-7Z' },
}

/** As bars stand on each other, the worst at the foot. */
export const SEVERITIES_BY_WEIGHT: readonly SeverityClass[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'none']

/** Nothing is wrong by these. */
const QUIET: readonly SeverityClass[] = ['info', 'debug', 'trace', 'none']

/** Colour of a small mark or a line in its class: grey unless something may be wrong. */
export const severityFill = (severity: SeverityClass): string => (QUIET.includes(severity) ? 'var(--text-3)' : `var(--${LOOKS[severity].color})`)

/** Outline of its mark in a 10 × 10 box, and the colour that fills it. */
export function severityShape(severity: SeverityClass): { path: string; fill: string } {
  return { path: LOOKS[severity].shape, fill: severityFill(severity) }
}

export const severityColor = (severity: SeverityClass): string => LOOKS[severity].color

/** A class as a value of the field `severity` names it; null for anything else. */
export function severityNamed(value: string): SeverityClass | null {
  const name = value.toLowerCase()
  return SEVERITY_CLASSES.find((each) => each === name) ?? null
}

export function SeverityMark({ severity, size = 9 }: { severity: SeverityClass; size?: number }) {
  const { path, fill } = severityShape(severity)
  return (
    <svg className="block flex-none" width={size} height={size} viewBox="0 0 10 10" aria-hidden="true">
      <path d={path} fill={fill} fillRule="evenodd" />
    </svg>
  )
}

/** How severe a line is: shape, colour and word; a dash where it does not say. */
export function SeverityTag({ severity, text }: { severity: SeverityClass; text: string }) {
  if (severity === 'none' && text === '') return <span className="text-t3">–</span>
  return (
    <Tag tone={LOOKS[severity].tone} {...(text === '' ? {} : { title: text })}>
      <SeverityMark severity={severity} size={8} />
      {severity.toUpperCase()}
    </Tag>
  )
}
