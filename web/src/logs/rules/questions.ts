'use client'
import {
  type DebugAnswer,
  debugAnswer,
  type DebugRequest,
  type DryRunAnswer,
  dryRunAnswer,
  type OrderChange,
  ruleDiffAnswer,
  type RulesAnswer,
  rulesAnswer,
  rulesFile,
  type RulesFile,
  ruleVersionsAnswer,
  type RuleView,
  ruleView,
} from '@skein/schemas/api/log-rules'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useApiClient } from '../../api/api-context.ts'
import type { ApiError } from '../../api/client.ts'
import { useAnswer } from '../../api/use-answer.ts'
import { useSettled } from '../../ui/use-settled.ts'

const PATH = '/api/logs/rules'
const RULES_MS = 15_000
/** A rule is tried once nobody typed for this long. */
const PAUSE_MS = 700

export function useRules() {
  return useAnswer(PATH, rulesAnswer, { intervalMs: RULES_MS })
}

export function useRuleVersions(id: string) {
  return useAnswer(`${PATH}/${id}/versions`, ruleVersionsAnswer, { intervalMs: null, enabled: id !== '' })
}

export function useRuleDiff(id: string, from: number, to: number) {
  return useAnswer(`${PATH}/${id}/diff`, ruleDiffAnswer, { query: { from, to }, intervalMs: null, enabled: from > 0 && to > 0 && from !== to })
}

/** What a definition would have done to the lines of the last hour; tried while it is written, once it is whole. */
export function useDryRun(definition: RuleDefinition | null, id: string) {
  const client = useApiClient()
  const text = definition === null ? '' : JSON.stringify(definition)
  const settled = useSettled(text, PAUSE_MS)
  const run = useQuery<DryRunAnswer, ApiError>({
    queryKey: ['rule dry run', id, settled],
    queryFn: ({ signal }) => {
      const body = { definition: JSON.parse(settled) as unknown, ...(id === '' ? {} : { id }) }
      return client.send({ method: 'POST', path: `${PATH}/dry-run`, schema: dryRunAnswer, body, signal })
    },
    enabled: settled !== '',
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  /** What is shown is of the rule as it stands in the form. */
  const current = settled === text && !run.isPlaceholderData && run.data !== undefined
  return { run, current }
}

/** Writes to rules, pipelines and their order. Each rejects with `ApiError`; what is shown is asked for again. */
export function useRuleChanges() {
  const client = useApiClient()
  const queries = useQueryClient()
  const then = async <T>(change: Promise<T>): Promise<T> => {
    const answer = await change
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('/api/logs/') })
    return answer
  }
  return {
    create: (definition: RuleDefinition, pipeline?: string): Promise<RuleView> =>
      then(client.send({ method: 'POST', path: PATH, schema: ruleView, body: { definition, ...(pipeline === undefined ? {} : { pipeline }) } })),
    change: ({ id, version }: RuleView, definition: RuleDefinition): Promise<RuleView> =>
      then(client.send({ method: 'PUT', path: `${PATH}/${id}`, schema: ruleView, body: { version, definition } })),
    /** Null: it could not be read, and nobody knows what it was. */
    remove: (id: string): Promise<RuleView | null> => then(client.send({ method: 'DELETE', path: `${PATH}/${id}`, schema: ruleView.nullable() })),
    order: (order: OrderChange): Promise<RulesAnswer> => then(client.send({ method: 'PUT', path: `${PATH}/order`, schema: rulesAnswer, body: order })),
    rollback: ({ id, version }: RuleView, to: number): Promise<RuleView> =>
      then(client.send({ method: 'POST', path: `${PATH}/${id}/rollback`, schema: ruleView, body: { to, version } })),
    exported: (): Promise<RulesFile> => client.get({ path: `${PATH}/export`, schema: rulesFile }),
    imported: (file: unknown, version: number): Promise<RulesAnswer> =>
      then(client.send({ method: 'POST', path: `${PATH}/import`, schema: rulesAnswer, body: { file, version } })),
    debug: (request: DebugRequest): Promise<DebugAnswer> => client.send({ method: 'POST', path: `${PATH}/debug`, schema: debugAnswer, body: request }),
  }
}
