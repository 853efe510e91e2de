/** The part of pino that the agent uses. */
export interface AgentLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Unix ms. */
export type Clock = () => number
