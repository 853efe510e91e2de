/** How often and how long files are looked after, in ms. */
export interface Timing {
  /** Files that grow are looked at this often. */
  activeMs: number
  /** And those that do not, and the directories of globs, this often. */
  quietMs: number
  /** Without growth for this long a file is quiet. */
  quietAfterMs: number
  /** And still, after this long: then it is looked at this often. */
  stillAfterMs: number
  stillMs: number
  /** How long a file whose name is gone may still be written to; shorter when nobody but us and its writer can reach it. */
  lostNameMs: number
  deletedMs: number
  /** What could not be opened is tried again after this. */
  refusedMs: number
}

export const TIMING: Timing = {
  activeMs: 250,
  quietMs: 1000,
  quietAfterMs: 10_000,
  stillAfterMs: 30_000,
  stillMs: 2000,
  lostNameMs: 60_000,
  deletedMs: 5000,
  refusedMs: 10_000,
}
