import { LogFullError } from '@skein/eventlog/errors'
import type { Refusal } from '../answers/refusal.ts'

/** A log that fails in any other way than being full may work again soon; what it says inside stays inside. */
export function appendRefusal(error: unknown): Refusal {
  if (error instanceof LogFullError)
    return { reason: 'log_full', message: 'there is no room: the log has reached its quota or its disk the reserve; skein doctor says which, and what to do' }
  return { reason: 'log_unavailable', message: 'the log cannot make data durable right now' }
}
