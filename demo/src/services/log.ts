import { mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { NextFunction, Request, Response } from 'express'
import { destination, type Logger, pino } from 'pino'

const ROTATE_BYTES = 16 * 1024 * 1024
const LOOK_MS = 5000

/** The log of an instance: JSON lines in a file of its own, which is renamed when it has grown and begun anew, as logrotate does. No folder: no log. */
export function openLog(folder: string | undefined, instance: { name: string; version: string }): Logger {
  if (folder === undefined) return pino({ level: 'silent' })
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${instance.name}.log`)
  const file = destination({ dest: path, sync: true })
  const rotation = setInterval(() => {
    const size = statSync(path, { throwIfNoEntry: false })?.size
    if (size !== undefined && size < ROTATE_BYTES) return
    // A file that somebody removed is begun anew as well, folder and all.
    if (size === undefined) mkdirSync(folder, { recursive: true })
    else renameSync(path, `${path}.1`)
    file.reopen()
  }, LOOK_MS)
  rotation.unref()
  return pino(
    { base: { instance: instance.name, version: instance.version }, formatters: { level: (level) => ({ level }) }, timestamp: pino.stdTimeFunctions.isoTime },
    file,
  )
}

/** A line for each request that was answered; a failed one is an error. */
export function requestLog(log: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now()
    response.on('finish', () => {
      const status = response.statusCode
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
      const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info'
      log[level]({ method: request.method, path: request.path, status, durationMs }, `${request.method} ${request.path} ${status} in ${durationMs} ms`)
    })
    next()
  }
}
