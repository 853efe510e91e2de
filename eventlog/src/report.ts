/** One line for the operator: a stable event code and its facts, no payloads. */
export type Report = (level: 'info' | 'warn' | 'error', event: string, facts: Record<string, unknown>) => void
