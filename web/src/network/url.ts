import { parseAsString } from 'nuqs'

/** What the page of networks keeps in the address. */
export const networkParsers = {
  /** `node`, or the name of a label. */
  by: parseAsString.withDefault('node'),
  /** Ways that are laid side by side, by `wayId`; '' is the first or the second of the answer. */
  left: parseAsString.withDefault(''),
  right: parseAsString.withDefault(''),
}

export interface NetworkState {
  by: string
  left: string
  right: string
}

export type SetNetwork = (state: Partial<NetworkState>) => void

export function wayId({ from, to }: { from: string; to: string }): string {
  return `${from} → ${to}`
}
