'use client'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { saveFile } from '../ui/csv.ts'
import { Popover } from '../ui/popover.tsx'
import { scenePng } from './export-png.ts'
import { sceneToSvg } from './export-svg.ts'
import { readPalette } from './palette.ts'
import type { Scene } from './scene.ts'
import type { MapView } from './use-map-view.ts'

const FORMATS = ['PNG', 'SVG', 'JSON'] as const

/** The map as it is shown, as a picture or as data. */
export function ExportMenu({ view, scene }: { view: MapView; scene: Scene | null }) {
  const t = useTranslations('map')
  const probe = useRef<HTMLSpanElement>(null)
  const palette = () => {
    const style = getComputedStyle(probe.current ?? document.body)
    return readPalette((name) => (name === '--edge' ? style.color : style.getPropertyValue(name)))
  }
  const save = async (format: (typeof FORMATS)[number]): Promise<void> => {
    if (format === 'JSON') {
      const { nodes, edges } = view.shown
      saveFile(
        'skein-map.json',
        new Blob([JSON.stringify({ window: view.answer.window, nodes, edges, notes: view.answer.notes }, null, 2)], { type: 'application/json' }),
      )
    } else if (scene !== null && format === 'SVG') saveFile('skein-map.svg', new Blob([sceneToSvg(scene, palette())], { type: 'image/svg+xml' }))
    else if (scene !== null) {
      const png = await scenePng(scene, palette(), document.createElement('canvas'))
      if (png !== null) saveFile('skein-map.png', png)
    }
  }
  return (
    <>
      <span ref={probe} hidden className="text-[color-mix(in_srgb,var(--text-3)_62%,var(--canvas))]" />
      <Popover right label={t('export')} button={t('export')}>
        {(close) => (
          <div className="grid gap-1">
            {FORMATS.map((format) => (
              <Button
                key={format}
                look="ghost"
                disabled={scene === null && format !== 'JSON'}
                onClick={() => {
                  close()
                  void save(format)
                }}
              >
                {format}
              </Button>
            ))}
          </div>
        )}
      </Popover>
    </>
  )
}
