import type { Express } from 'express'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { FaultId } from '../faults.ts'
import type { Caller } from '../http-call.ts'
import type { createQueueClient } from '../queue-client.ts'

/** What a service may use; each is opened on first use, so that a service has only the edges it needs. */
export interface Surroundings {
  log: Logger
  call: Caller['call']
  /** Whether a fault is switched on. */
  has(fault: FaultId): boolean
  isNewRelease: boolean
  database(name: string): Pool
  cache(): Redis
  queue(destination: string): ReturnType<typeof createQueueClient>
}

export type Service = (app: Express, around: Surroundings) => void

/** Pretends to think: a little work that takes about `ms`. */
export function think(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.7 + Math.random() * 0.6)))
}
