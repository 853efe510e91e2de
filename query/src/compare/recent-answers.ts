export interface RecentAnswers<Answer> {
  /** The answer to this key that is not too old, one that is on its way included, else a new one. One that failed, because who asked first went away, is asked again. */
  of(key: string, ask: () => Promise<Answer>): Promise<Answer>
}

/** Whoever types asks the same question with every letter. Keeps at most `maxAnswers`, each for `keptMs`. */
export function createRecentAnswers<Answer>(options: { maxAnswers: number; keptMs: number; clock: () => number }): RecentAnswers<Answer> {
  const { maxAnswers, keptMs, clock } = options
  const answers = new Map<string, { askedMs: number; answer: Promise<Answer> }>()
  return { of }

  function of(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = answers.get(key)
    if (known !== undefined && clock() - known.askedMs < keptMs) return known.answer.catch(() => of(key, ask))
    const answer = ask()
    answers.delete(key)
    answers.set(key, { askedMs: clock(), answer })
    for (const oldest of answers.keys()) if (answers.size > maxAnswers) answers.delete(oldest)
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key)
    })
    return answer
  }
}
