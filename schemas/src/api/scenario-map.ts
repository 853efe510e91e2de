import { z } from 'zod'
import { scenarioNote } from './scenarios.ts'
import { windowAnswer, windowParameters } from './window.ts'

export const scenarioMapParameters = windowParameters

const lived = {
  /** Id of the map. */
  id: z.string(),
  runs: z.number().int().meta({ description: 'Of the runs looked at, how many passed here' }),
  failedRuns: z.number().int().meta({ description: 'Failed runs that are blamed on it' }),
  slowRuns: z.number().int().meta({ description: 'Slow runs that are blamed on it' }),
}

/** Where on the map the runs of a scenario went, as far as runs were looked at: of each the traces of its steps. */
export const scenarioMapAnswer = z
  .object({
    window: windowAnswer,
    name: z.string(),
    /** Runs looked at, and how many of them failed or were slow. */
    runs: z.number().int(),
    failed: z.number().int(),
    slow: z.number().int(),
    nodes: z.array(z.object(lived)),
    edges: z.array(z.object({ ...lived, erredRuns: z.number().int().meta({ description: 'Runs in which a call of it failed' }) })),
    notes: z.array(scenarioNote),
  })
  .meta({ id: 'ScenarioMap' })
export type ScenarioMapAnswer = z.infer<typeof scenarioMapAnswer>
