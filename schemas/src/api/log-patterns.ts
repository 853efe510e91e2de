import { z } from 'zod'
import { SEVERITY_CLASSES } from '../severity.ts'
import { noteOf } from './note.ts'
import { windowAnswer, windowParameters } from './window.ts'

/** Nothing came, nothing is left by the filter, patterns were folded at the limit, lines have no pattern, or no time to compare with has lines. */
/** `truncated`: `count` more are as asked for. `most_frequent`: only so many of the window were looked at. */
export const LOG_PATTERN_NOTE_CODES = ['no_logs', 'no_match', 'truncated', 'most_frequent', 'without_pattern', 'no_base'] as const

const patternNote = noteOf(LOG_PATTERN_NOTE_CODES).meta({ id: 'LogPatternNote' })

/** Lines that are this many times as many as a week before are surging. */
export const SURGING_TIMES = 10
export const MAX_LOG_PATTERNS = 500

/** `GET /api/logs/patterns`. `only=new`: first seen in the window; `only=new_in_release`: first seen since the service's newest version began; `only=surging`: at least ten times the lines of the base. */
export const logPatternsParameters = windowParameters.extend({
  service: z.string().optional(),
  environment: z.string().optional(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /** This class and worse. */
  severity: z.enum(SEVERITY_CLASSES).optional(),
  /** A part of the template, case does not matter. */
  text: z.string().max(256).optional(),
  only: z.enum(['new', 'new_in_release', 'surging']).optional(),
  sort: z.enum(['lines', 'first_seen', 'growth']).optional().meta({ description: 'Default lines: the most first' }),
  limit: z.coerce.number().int().min(1).max(MAX_LOG_PATTERNS).optional().meta({ description: 'Default 100' }),
})

const logPattern = z
  .object({
    /** 16 hex digits: the first of `ids`. */
    id: z.string(),
    /** All ids under which lines of this template are stored. */
    ids: z.array(z.string()),
    /** Finds its lines in `/api/logs`. */
    query: z.string(),
    service: z.string(),
    /** The line with `<*>` where lines differ. */
    template: z.string(),
    lines: z.number(),
    bytes: z.number(),
    /** Of all lines of the answer's filter, 0 to 1. */
    share: z.number(),
    /** Lines by class of severity; classes without lines are left out. */
    severities: z.partialRecord(z.enum(SEVERITY_CLASSES), z.number()),
    /** Lines of each step of `timesMs`. */
    series: z.array(z.number()),
    /** RFC 3339; when the template was made, as far back as patterns are kept. */
    firstSeen: z.string(),
    /** Lines in the base window; null when nothing of the service is stored there. */
    baseLines: z.number().nullable(),
    new: z.boolean(),
    /** The version since which it is there, when it was first seen after that began; else null. */
    newInRelease: z.string().nullable(),
    surging: z.boolean(),
  })
  .meta({ id: 'LogPattern' })
export type LogPattern = z.infer<typeof logPattern>

/** `base` is the same window a week before, or the one right before when no lines are stored there; null when neither has any. */
export const logPatternsAnswer = z
  .object({
    window: windowAnswer,
    base: windowAnswer.nullable(),
    stepSeconds: z.number(),
    timesMs: z.array(z.number()),
    /** Lines of the filter, with and without a pattern. */
    lines: z.number(),
    patterns: z.array(logPattern),
    notes: z.array(patternNote),
  })
  .meta({ id: 'LogPatterns' })
export type LogPatternsAnswer = z.infer<typeof logPatternsAnswer>
