'use client'
import { useTranslations } from 'next-intl'
import dynamic from 'next/dynamic'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ChangeMarkers } from './change-markers.tsx'
import { CrumbSlot } from './crumb-slot.ts'
import { HelpDialog } from './help-dialog.tsx'
import { Navigation } from './navigation.tsx'
import { isCanvas } from './pages.ts'
import { TopBar } from './top-bar.tsx'
import { useFrameKeys } from './use-frame-keys.ts'

/** Comes with the first ⌘K, not with the page. */
const Palette = dynamic(() => import('./palette/palette.tsx').then((module) => module.Palette), { ssr: false })

/** What stays while pages change: navigation, top bar, keys. */
export function Frame({ children }: { children: ReactNode }) {
  const rail = isCanvas(usePathname())
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  const [helpOpen, setHelpOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const t = useTranslations('nav')
  const openHelp = () => setHelpOpen(true)
  const openPalette = () => setPaletteOpen(true)
  useFrameKeys({ openHelp, openPalette })
  return (
    <CrumbSlot value={slot}>
      <a
        href="#main"
        className="absolute left-2 top-2 z-[var(--z-toast)] -translate-y-20 rounded-2 border border-line-strong bg-surface px-3 py-1.5 focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <div
        data-rail={rail}
        className={`group/frame grid h-dvh grid-rows-[var(--top-h)_minmax(0,1fr)_auto] grid-cols-[minmax(0,1fr)] phone:grid-rows-[var(--top-h)_minmax(0,1fr)] phone:grid-cols-[var(--rail-w)_minmax(0,1fr)] ${rail ? '' : 'wide:grid-cols-[var(--nav-w)_minmax(0,1fr)]'}`}
      >
        <TopBar slotRef={setSlot} onHelp={openHelp} onPalette={openPalette} />
        <Navigation rail={rail} />
        <main id="main" tabIndex={-1} className="relative flex min-h-0 min-w-0 flex-col overflow-hidden outline-none">
          <ChangeMarkers>{children}</ChangeMarkers>
        </main>
      </div>
      {paletteOpen && <Palette onClose={() => setPaletteOpen(false)} openHelp={openHelp} />}
      {helpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
    </CrumbSlot>
  )
}
