import type { IconName } from '../ui/icon.tsx'

export type PageId =
  | 'overview'
  | 'map'
  | 'services'
  | 'traces'
  | 'bottlenecks'
  | 'logs'
  | 'intake'
  | 'network'
  | 'service'
  | 'trace'
  | 'scenarios'
  | 'scenario'
  | 'replay'

export interface PageEntry {
  id: 'overview' | 'map' | 'services' | 'traces' | 'bottlenecks' | 'logs' | 'intake' | 'network' | 'scenarios'
  path: string
  /** Second key after `g`. */
  key: string
  icon: IconName
  /** Paths below this entry in the navigation. */
  owns: readonly string[]
}

export interface PageGroup {
  id: 'now' | 'investigate' | 'viewers' | 'operate'
  pages: readonly PageEntry[]
}

/** The navigation: only pages that exist. */
export const PAGE_GROUPS: readonly PageGroup[] = [
  { id: 'now', pages: [{ id: 'overview', path: '/', key: 'o', icon: 'overview', owns: ['/'] }] },
  {
    id: 'investigate',
    pages: [
      { id: 'map', path: '/map', key: 'm', icon: 'map', owns: ['/map'] },
      { id: 'services', path: '/services', key: 's', icon: 'services', owns: ['/services', '/service'] },
      { id: 'traces', path: '/traces', key: 't', icon: 'traces', owns: ['/traces', '/trace', '/compare'] },
      { id: 'bottlenecks', path: '/bottlenecks', key: 'b', icon: 'bottlenecks', owns: ['/bottlenecks'] },
      { id: 'logs', path: '/logs', key: 'l', icon: 'logs', owns: ['/logs'] },
    ],
  },
  { id: 'viewers', pages: [{ id: 'scenarios', path: '/scenarios', key: 'c', icon: 'scenarios', owns: ['/scenarios', '/scenario', '/replay'] }] },
  {
    id: 'operate',
    pages: [
      { id: 'intake', path: '/intake', key: 'i', icon: 'intake', owns: ['/intake'] },
      { id: 'network', path: '/network', key: 'n', icon: 'network', owns: ['/network'] },
    ],
  },
]

export const PAGES: readonly PageEntry[] = PAGE_GROUPS.flatMap((group) => group.pages)

/** Pages that are a canvas get the narrow rail instead of the navigation. */
const CANVAS_PATHS: readonly string[] = ['/map', '/trace', '/replay']

export function normalPath(pathname: string): string {
  const bare = pathname.replace(/(?:\/index)?(?:\.html)?\/?$/, '')
  return bare === '' ? '/' : bare
}

export function isCanvas(pathname: string): boolean {
  return CANVAS_PATHS.includes(normalPath(pathname))
}
