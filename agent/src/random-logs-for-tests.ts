import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Applications that write and tools that rotate, as a seed has them do; every line is another. `rotating` is the share of rotations. */
export interface RandomLogs {
  /** Every application writes its first lines. */
  begin(): void
  /** One thing happens: lines, a part of a line, a rotation of some kind. */
  step(): void
  /** Ends every line that was begun. */
  finish(): void
  /** All whole lines written so far. */
  readonly written: readonly string[]
}

/** A small generator of numbers from 0 to 1, the same for a seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** How many rotated files of each log are kept: more than go by while an agent is away. */
const KEPT = 60

export function createRandomLogs(
  directory: string,
  { random, files, lines, rotating }: { random: () => number; files: number; lines: number; rotating: number },
): RandomLogs {
  const written: string[] = []
  const begun = new Map<number, string>()
  let count = 0
  const path = (file: number, generation = 0, compressed = false): string =>
    join(directory, `app${file}.log${generation === 0 ? '' : `.${generation}`}${compressed ? '.gz' : ''}`)

  function line(file: number): string {
    return `${file} line ${count++} ${'x'.repeat(Math.floor(random() ** 4 * 3000))}`
  }

  function write(file: number): void {
    let text = ''
    for (let left = 1 + Math.floor(random() * lines); left > 0; left--) {
      const whole = (begun.get(file) ?? '') + line(file)
      text += `${whole.slice(begun.get(file)?.length ?? 0)}\n`
      begun.delete(file)
      written.push(whole)
    }
    appendFileSync(path(file), text)
  }

  function writePart(file: number): void {
    const part = line(file)
    appendFileSync(path(file), part)
    begun.set(file, (begun.get(file) ?? '') + part)
  }

  /** A line that was begun stays whole: whoever rotates waits for nobody, but here it would be two. */
  function end(file: number): void {
    const part = begun.get(file)
    if (part === undefined) return
    appendFileSync(path(file), '\n')
    begun.delete(file)
    written.push(part)
  }

  function shift(file: number): void {
    for (const compressed of [false, true]) {
      rmSync(path(file, KEPT, compressed), { force: true })
      for (let generation = KEPT - 1; generation > 0; generation--)
        if (existsSync(path(file, generation, compressed))) renameSync(path(file, generation, compressed), path(file, generation + 1, compressed))
    }
  }

  function rotate(file: number, how: number): void {
    if (!existsSync(path(file))) return
    end(file)
    shift(file)
    if (how < 0.5) renameSync(path(file), path(file, 1))
    else {
      copyFileSync(path(file), path(file, 1))
      truncateSync(path(file))
    }
    if (how > 0.4 && how < 0.6) {
      writeFileSync(path(file, 1, true), gzipSync(readFileSync(path(file, 1))))
      rmSync(path(file, 1))
    }
  }

  return {
    written,
    begin() {
      for (let file = 0; file < files; file++) write(file)
    },
    step() {
      const file = Math.floor(random() * files)
      const what = random()
      if (what < rotating) rotate(file, random())
      else if (what < rotating + 0.05) writePart(file)
      else write(file)
    },
    finish() {
      for (let file = 0; file < files; file++) end(file)
    },
  }
}
