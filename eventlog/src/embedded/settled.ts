type Rejected = { commitError?: Promise<never> }

/** How long the cause of a failed commit may come after the failure. */
const CAUSE_MS = 1000

/** Rejects with the cause: lmdb rejects a second promise with it, and unhandled that one would end the process. */
export async function settled(commit: Promise<boolean>): Promise<void> {
  try {
    await commit
  } catch (error) {
    const cause = (error as Rejected).commitError
    if (cause === undefined) throw error
    throw await Promise.race([cause.catch((reason: unknown) => reason), later(error)])
  }
}

function later(error: unknown): Promise<unknown> {
  return new Promise((resolve) => setTimeout(() => resolve(error), CAUSE_MS))
}
