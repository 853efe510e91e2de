import type { TraceSummary, TracesAnswer } from '@skein/schemas/api/traces'

/** All pages as one list. A trace that grew between two pages may be in both; the newer answer counts. */
export function uniqueTraces(pages: readonly TracesAnswer[]): TraceSummary[] {
  const traces = new Map<string, TraceSummary>()
  for (const page of pages) for (const trace of page.traces) traces.set(trace.traceId, trace)
  return [...traces.values()]
}
