import type { Attributes } from '../otlp/attributes.ts'

/** One instrument of OpenTelemetry's semantic conventions, and what was read of it. */
export interface Reading {
  name: string
  unit: string
  /** `counter` counts up since the host started; `upDown` is an amount that can be added up over its points; `gauge` cannot. */
  kind: 'counter' | 'upDown' | 'gauge'
  points: Point[]
}

export interface Point {
  attributes: Attributes
  value: number
}
