/** Words of critical paths, one meaning from wire to screen. */

/** Where time on the path goes: a service's own work, the network of a call, a queue, or a call whose other side reports nothing. */
export const PATH_PARTS = ['service', 'network', 'queueWait', 'clientWait'] as const
export type PathPart = (typeof PATH_PARTS)[number]

export const PATH_FINDINGS = ['n_plus_one', 'sequential_calls', 'retries', 'errors_on_path', 'fan_out', 'time_before_first_call'] as const
export type PathFindingKind = (typeof PATH_FINDINGS)[number]

/** Kinds of rows in `path_time`: whole traces by entry; own time, findings and shapes by latency band; notes. Stored numbers: none changes its meaning. */
export const PathRow = { entry: 1, part: 2, finding: 3, shape: 4, note: 5 } as const

/** A latency band of a whole trace is eight histogram buckets: base 2, scale 2, four bands an octave. */
export const PATH_BAND_SHIFT = 3

/** Where a latency band ends and the next begins, in ns. */
export function pathBandEndNs(band: number): number {
  return band < 0 ? 1 : 2 ** ((band + 1) / 4)
}
