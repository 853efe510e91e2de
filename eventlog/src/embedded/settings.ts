import type { Report } from '../report.ts'
import type { VolumeDriver } from './volumes.ts'

export interface EmbeddedLogOptions {
  /** Owned by this log alone: `<dataDir>/log`. */
  directory: string
  /** `writer` appends and trims, `reader` consumes and commits: one process each, at the same time. `both` is one process that does both; two logs of one directory in one process are not. */
  role: 'writer' | 'reader' | 'both'
  /** Of a topic, at least: one that has more keeps them. */
  partitions: (topic: string) => number
  quotaBytes: number
  /** Free disk below which appends are refused; at least 4 MiB. */
  reserveBytes: number
  /** Unix ms. */
  clock: () => number
  report: Report
  /** A volume is closed for writing at this size; space comes back a volume at a time. */
  volumeBytes?: number
  /** A group commit starts at this many bytes … */
  groupBytes?: number
  /** … or when its first append is this old. */
  groupMs?: number
  /** Bytes of appends that may wait for a commit; more is refused as unavailable. */
  pendingBytes?: number
  maxRecordBytes?: number
  /**
   * What a volume is kept for. `groups` (the default): until every group is past it. `age`: for `marginMs` of log time, whoever read it or not, and
   * less when there is no room.
   */
  keep?: 'groups' | 'age'
  /** Log time kept behind the slowest group's commit, or behind the end. */
  marginMs?: number
  /** Between looks for records while some come … */
  pollMs?: number
  /** … and at most when none do. */
  idlePollMs?: number
  fetchBytes?: number
  /** Between looks for stale readers and removable volumes. */
  tidyMs?: number
  freeDiskBytes?: (directory: string) => number
  volumes?: VolumeDriver
}

export type Settings = Required<EmbeddedLogOptions>
