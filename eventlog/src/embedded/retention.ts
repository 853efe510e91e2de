/** What retention needs to know of a volume. */
export interface VolumeSpan {
  /** First offset per partition in the volume after it. */
  end: readonly number[]
  /** Newest log time in it, Unix ms. */
  newestMs: number
}

/** How far a group is in a topic. */
export interface GroupProgress {
  /** First offset not yet done per partition; null when it never committed there. */
  committed: readonly (number | null)[]
  /** Log time up to which everything is done: the oldest record still to do, or the newest of all when nothing is left. */
  doneMs: number
}

/**
 * How many of the oldest volumes (the active one is not among them) no known group needs: every partition is committed past the volume, and its
 * newest record is `marginMs` of log time behind what is done, since a consumer reads back that far after a restart. No known group: none.
 */
export function removableVolumes(sealed: readonly VolumeSpan[], groups: readonly GroupProgress[], marginMs: number): number {
  if (groups.length === 0) return 0
  let count = 0
  for (const volume of sealed) {
    if (!groups.every((group) => isPast(group, volume, marginMs))) break
    count++
  }
  return count
}

function isPast(group: GroupProgress, volume: VolumeSpan, marginMs: number): boolean {
  if (group.doneMs - volume.newestMs < marginMs) return false
  return volume.end.every((end, partition) => end === 0 || (group.committed[partition] ?? 0) >= end)
}
