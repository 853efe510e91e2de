import { isKept } from './tuple-index.ts'

/** Threes of 32-bit integers, one behind the other. */
export interface Triples {
  size: number
  words: Int32Array
}

const INITIAL = 64

export function createTriples(): Triples {
  return { size: 0, words: new Int32Array(INITIAL * 3) }
}

export function addTriple(triples: Triples, a: number, b: number, c: number): void {
  const at = triples.size++ * 3
  if (at === triples.words.length) {
    const bigger = new Int32Array(at * 2)
    bigger.set(triples.words)
    triples.words = bigger
  }
  const { words } = triples
  words[at] = a
  words[at + 1] = b
  words[at + 2] = c
}

/** Forgets all; keeps its room unless that is large and was hardly used. */
export function clearTriples(triples: Triples): void {
  if (!isKept(triples.words.length / 3, triples.size)) triples.words = new Int32Array(INITIAL * 3)
  triples.size = 0
}
