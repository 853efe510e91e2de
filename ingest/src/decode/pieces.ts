const PIECE_ROWS = 1024

/**
 * Calls `piece` with rows `[from, to)` after rows until `length`. V8 compiles the loop of a function that is called once a range while it runs, and forgets
 * that code with the next collection: the same loops were compiled for each range, 0.9 CPU-s per million spans. What is called often is compiled for good,
 * as long as `piece` is no closure.
 */
export function inPieces<Context>(length: number, piece: (context: Context, from: number, to: number) => void, context: Context): void {
  for (let from = 0; from < length; from += PIECE_ROWS) piece(context, from, Math.min(length, from + PIECE_ROWS))
}
