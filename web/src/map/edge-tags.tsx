'use client'
import { STROKE_TOKENS } from './edge-look.ts'
import type { SceneEdge } from './scene.ts'

/** Height of the letters at the picture's own scale: larger far out, so that they stay readable on screen. */
const TAG_PX = { full: 11, far: 13 } as const

/** The few letters that edges say about themselves, above everything: far out they grow, and a short edge has no room for them between its cards. */
export function EdgeTags({ edges, far, lit }: { edges: readonly SceneEdge[]; far: boolean; lit: ReadonlySet<string> | null }) {
  const fontSize = far ? TAG_PX.far : TAG_PX.full
  return (
    <g aria-hidden="true" pointerEvents="none">
      {edges.map((edge) => {
        if (edge.tagAt === undefined || (lit !== null && !lit.has(edge.id))) return null
        return (
          <text
            key={edge.id}
            x={edge.tagAt.x}
            y={edge.tagAt.y}
            textAnchor="middle"
            fontSize={fontSize}
            fontWeight={600}
            fill={edge.look.stroke === 'plain' ? 'var(--text-2)' : `var(${TEXT_TOKENS[edge.look.stroke] ?? '--text-1'})`}
            stroke="var(--canvas)"
            strokeWidth={4}
            paintOrder="stroke"
          >
            {edge.tag}
          </text>
        )
      })}
    </g>
  )
}

/** Colours that are strong enough for letters. */
const TEXT_TOKENS: Readonly<Partial<Record<keyof typeof STROKE_TOKENS, string>>> = {
  bad: '--bad-text',
  worse: '--bad-text',
  degraded: '--degraded-text',
  better: '--accent-text',
  changed: '--marker',
  new: '--marker',
  vanished: '--text-2',
}
