/** Where the tailed files of a tenant were read to: identity (16 hex digits) and the highest offset of their lines, side by side. */
export interface LogFiles {
  tenant: string
  files: string[]
  offsets: number[]
}
