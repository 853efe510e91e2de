import { z } from 'zod'
import { OUTCOME_KINDS, OUTCOME_REASONS, SIGNALS } from '../outcomes.ts'
import { windowAnswer, windowParameters } from './window.ts'

export const intakeParameters = windowParameters

/** What came in, and what did not, by reason: /api/intake. */
export const intakeAnswer = z
  .object({
    window: windowAnswer,
    /** Spans and log records acknowledged and processed by ingest. */
    accepted: z.number(),
    visible: z.number(),
    bytes: z.number(),
    /** The same apart. accepted = visible + byRule + repeats + dead; `refused` and `cut` are counted by collectors. */
    signals: z.array(
      z.object({
        signal: z.enum(SIGNALS),
        accepted: z.number(),
        visible: z.number(),
        byRule: z.number().meta({ description: 'Log records that a rule dropped, sampled out or limited' }),
        repeats: z.number(),
        dead: z.number(),
        refused: z.number(),
        cut: z.number(),
        bytes: z.number(),
      }),
    ),
    /** `accepted` is spans and log records together. */
    series: z.array(z.object({ time: z.string(), accepted: z.number(), spans: z.number(), logRecords: z.number(), refused: z.number(), dropped: z.number() })),
    outcomes: z.array(
      z.object({
        signal: z.enum(SIGNALS),
        keyId: z.string(),
        kind: z.enum(OUTCOME_KINDS),
        reason: z.enum(OUTCOME_REASONS),
        requests: z.number(),
        records: z.number(),
        bytes: z.number(),
        lastSeen: z.string(),
      }),
    ),
    /** Per partition: how far ingest is behind the log. Null where the log cannot be asked. */
    lag: z.array(z.object({ topic: z.string(), partition: z.number(), committed: z.number().nullable(), end: z.number(), lag: z.number() })).nullable(),
  })
  .meta({ id: 'Intake' })
export type IntakeAnswer = z.infer<typeof intakeAnswer>
