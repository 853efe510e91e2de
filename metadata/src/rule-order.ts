import type { OrderRecord, PipelineDefinition } from '@skein/schemas/log-rule'

/** What was read, with the revisions that a change of it expects. */
export interface Kept<Order, Rule> {
  order: { record: Order; revision: number } | null
  rules: readonly { record: Rule; revision: number }[]
}

/** Orders kept for what is read again. */
const KEPT_ORDERS = 50

/** Null when there is no such pipeline, or no such rule in it. */
export function withRule(
  pipelines: readonly PipelineDefinition[],
  id: string,
  { pipeline, before }: { pipeline?: string | undefined; before?: string | undefined },
): PipelineDefinition[] | null {
  const target = pipelines.find((each) => (pipeline === undefined ? before === undefined || each.rules.includes(before) : each.id === pipeline))
  if (target === undefined) return null
  const at = before === undefined ? target.rules.length : target.rules.indexOf(before)
  return at < 0 ? null : pipelines.map((each) => (each === target ? { ...each, rules: each.rules.toSpliced(at, 0, id) } : each))
}

export function withoutRule(pipelines: readonly PipelineDefinition[], id: string): PipelineDefinition[] {
  return pipelines.map((each) => ({ ...each, rules: each.rules.filter((rule) => rule !== id) }))
}

/** Rules that an order does not name stay where they were in their pipeline; they go with it where it is gone. */
export function withUnnamed(pipelines: readonly PipelineDefinition[], before: readonly PipelineDefinition[]): PipelineDefinition[] {
  const named = new Set(pipelines.flatMap(({ rules }) => rules))
  return pipelines.map((pipeline) => {
    const rules = [...pipeline.rules]
    const held = before.find(({ id }) => id === pipeline.id)?.rules ?? []
    for (const [at, id] of held.entries()) if (!named.has(id)) rules.splice(at, 0, id)
    return { ...pipeline, rules }
  })
}

type Versions = OrderRecord['versions']

/** A version more, later than all before it. */
export function withNext(versions: Versions, pipelines: readonly PipelineDefinition[], fromMs: number): Versions {
  const last = versions.at(-1)
  const effectiveFromMs = Math.max(fromMs, (last?.effectiveFromMs ?? 0) + 1)
  return [...versions, { version: (last?.version ?? 0) + 1, effectiveFromMs, pipelines: [...pipelines] }].slice(-KEPT_ORDERS)
}
