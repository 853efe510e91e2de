import type { NodeKind } from '@skein/schemas/topology'

/** Outlines in an 11 × 11 box, drawn as 1.1 px strokes. */
export const NODE_GLYPHS: Readonly<Record<NodeKind, string>> = {
  service: 'M.5.5h10v10H.5z',
  database: 'M.5 2.2C.5-.2 10.5-.2 10.5 2.2v6.6c0 2.4-10 2.4-10 0zM.5 2.2c0 2.4 10 2.4 10 0',
  cache: 'M.5 2.2C.5-.2 10.5-.2 10.5 2.2v6.6c0 2.4-10 2.4-10 0zM.5 2.2c0 2.4 10 2.4 10 0M6 4.6 4.2 7h2.6L5 9.4',
  queue: 'M.5 2h10v7H.5zM4 2v7M7.5 2v7',
  external: 'M4 .5H.5v10h10V7M6.5.5h4v4M10.5.5 5.5 5.5',
  client: 'M5.5.7a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4M.8 10.5c.4-2.8 2.6-3.7 4.7-3.7s4.3.9 4.7 3.7',
}

/** A closed group: press to open. */
export const GROUP_GLYPH = 'M3.5.5l5 5-5 5'
