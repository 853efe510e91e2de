export interface Repeating {
  /** Resolves when the run under way, if any, has ended. */
  stop(): Promise<void>
}

/** Runs `task` every `everyMs`, never two at once; does not keep the process alive. */
export function repeat(task: () => Promise<void>, everyMs: number, onError: (error: unknown) => void): Repeating {
  let current: Promise<void> | null = null
  const timer = setInterval(() => {
    current ??= task()
      .catch(onError)
      .finally(() => {
        current = null
      })
  }, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await current
    },
  }
}
