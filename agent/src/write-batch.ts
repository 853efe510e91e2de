import type { RootDatabase } from 'lmdb'

/** All that `write` does, or nothing: resolves when it is durable. */
export async function writeBatch(env: RootDatabase, write: () => void): Promise<void> {
  try {
    await env.batch(write)
  } catch (error) {
    // lmdb rejects a second promise too; unhandled it would end the process.
    ;(error as { commitError?: Promise<never> }).commitError?.catch(() => undefined)
    throw error
  }
}
