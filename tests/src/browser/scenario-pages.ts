import { runsAnswer, type ScenarioView, scenarioView } from '@skein/schemas/api/scenarios'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { eventually, type SkeinUp } from '../harness/skein-process.ts'
import { accessibilityProblems, type Look, picture, say, sidewaysOverflow, untranslated, visit } from './visit.ts'

const LOOKS: readonly Look[] = [
  { theme: 'light', lang: 'en', width: 1440 },
  { theme: 'dark', lang: 'zh', width: 1024 },
]
const definition = {
  name: 'Log in and play',
  key: 'session',
  within: '5m',
  steps: [
    { name: 'log in', match: { kind: 'span', service: 'gateway', operation: 'POST /login' } },
    { name: 'guide', match: { kind: 'span', service: 'gateway', operation: 'GET /epg' } },
    { name: 'play', match: { kind: 'span', service: 'gateway', operation: 'POST /play/:title' }, slowMs: 500 },
  ],
  success: 'play',
}

interface Lived {
  skein: SkeinUp
  scenario: ScenarioView
  /** A run whose play lost its time between playback and drm. */
  slowRun: string
}

/** Defines the scenario, resolved when it has such a run. */
async function liveScenario(skein: SkeinUp): Promise<Lived> {
  const posted = await fetch(`${skein.api}/api/scenarios`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ definition }),
  })
  const scenario = scenarioView.parse(await posted.json())
  const slowRun = await eventually(async () => {
    const response = await fetch(`${skein.api}/api/scenarios/${scenario.id}/runs?outcome=slow&limit=5`)
    const run = runsAnswer.parse(await response.json()).runs.find(({ steps }) => (steps[2]?.durationMs ?? 0) > 700)
    if (run === undefined) throw new Error('no slow run yet')
    return run.id
  }, 60_000)
  return { skein, scenario, slowRun }
}

interface PageCase {
  name: string
  path: (lived: Lived) => string
  shows: (page: Page, look: Look) => Promise<void>
}

const PAGES: readonly PageCase[] = [
  {
    name: 'scenarios',
    path: () => '/scenarios?',
    async shows(page) {
      await page.getByRole('heading', { name: 'Log in and play' }).waitFor()
      await page.getByRole('heading', { name: '3 play' }).waitFor()
    },
  },
  {
    name: 'scenario',
    path: ({ scenario }) => `/scenario?id=${scenario.id}&`,
    async shows(page, { lang }) {
      const steps = page.getByRole('list', { name: say(lang, 'scenarios.steps') })
      await steps.waitFor()
      expect(await steps.getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringContaining('1 log in'),
        expect.stringContaining('2 guide'),
        expect.stringContaining('3 play'),
      ])
      // each count of a step leads to the runs that it counts
      const slow = steps
        .getByRole('listitem')
        .nth(2)
        .getByRole('link', { name: new RegExp(say(lang, 'scenarios.slowCount').replace('{count}', '\\d+')) })
      expect(await slow.getAttribute('href')).toContain('step=play&fate=slow')
      const blamed = page.getByRole('table', { name: say(lang, 'scenarios.blamed'), exact: true })
      await blamed.locator('tbody tr').first().waitFor()
      // the slow play is blamed on what lies between playback and drm
      expect((await blamed.locator('tbody tr').first().innerText()).replaceAll(/\s+/g, ' ')).toContain(`drm POST ${say(lang, 'scenarios.part.network')}`)
    },
  },
  {
    name: 'scenario-runs',
    path: ({ scenario }) => `/scenario?id=${scenario.id}&tab=runs&step=play&fate=slow&`,
    async shows(page, { lang }) {
      const runs = page.getByRole('table', { name: say(lang, 'scenarios.tab.runs'), exact: true })
      await runs.locator('tbody tr').first().waitFor()
      for (const row of await runs.locator('tbody tr').allInnerTexts()) expect(row).toContain(say(lang, 'scenarios.outcome.slow'))
    },
  },
  {
    name: 'scenario-definition',
    path: ({ scenario }) => `/scenario?id=${scenario.id}&tab=definition&`,
    async shows(page, { lang }) {
      await page.getByRole('heading', { name: say(lang, 'scenarios.preview') }).waitFor()
      await page.getByRole('list', { name: say(lang, 'scenarios.steps') }).waitFor()
      expect(await page.getByLabel(say(lang, 'scenarios.field.operation')).first().inputValue()).toBe('POST /login')
    },
  },
  {
    name: 'map-of-scenario',
    path: ({ scenario }) => `/map?scenario=${scenario.id}&`,
    async shows(page, { lang, width }) {
      // the way of the runs says how many took it and what the slow ones are blamed on; what is off it is faded
      const edge = page.locator('[id^="edge-"][aria-label*="playback → drm"]')
      await edge.waitFor({ state: 'attached' })
      const slow = say(lang, 'map.scenario.slow').replace('{count}', '')
      await expect.poll(() => edge.getAttribute('aria-label')).toMatch(new RegExp(`[0-9]+/[0-9]+ · .*${slow.trim()}`))
      expect(await page.locator('[id^="edge-"][opacity="0.3"]').count()).toBeGreaterThan(0)
      if (width >= 1440) await page.getByText(say(lang, 'map.scenario.legendSlow')).waitFor()
      const overlay = page.getByRole('combobox', { name: say(lang, 'map.overlay.label') })
      expect(await overlay.locator('option:checked').innerText()).toBe('Log in and play')
    },
  },
  {
    name: 'map-of-scenario-table',
    path: ({ scenario }) => `/map?view=table&scenario=${scenario.id}&`,
    async shows(page, { lang }) {
      await page.getByRole('columnheader', { name: say(lang, 'map.scenario.column.slowRuns') }).waitFor()
      const row = page.locator('tbody tr', { hasText: 'playback' }).filter({ hasText: 'drm' }).first()
      const [, , slow] = (await row.locator('td').allInnerTexts()).slice(-3)
      expect(Number(slow)).toBeGreaterThan(0)
    },
  },
  {
    name: 'replay',
    path: ({ scenario, slowRun }) => `/replay?scenario=${scenario.id}&run=${encodeURIComponent(slowRun)}&frame=1&`,
    async shows(page, { lang }) {
      await page.getByRole('heading', { name: say(lang, 'replay.lived') }).waitFor()
      await page
        .getByRole('button', { name: /play.*s$/ })
        .last()
        .click()
      await page.locator('[aria-current="step"]', { hasText: 'play' }).waitFor()
      const at = async () => Number(await page.locator('[data-frame]').getAttribute('data-frame'))
      const first = await at()
      await page.locator('h2').first().click()
      // on to the end of the step: by then the edge that took its time has lit up
      for (let step = 0; step < 3; step++) {
        await page.keyboard.press('ArrowRight')
        await expect.poll(at).toBe(first + step + 1)
      }
      await page.keyboard.press('ArrowLeft')
      await expect.poll(at).toBe(first + 2)
      await page.locator('[data-look="slow"]').first().waitFor({ state: 'attached' })
      await page.getByRole('treegrid').waitFor()
      // the address is the frame
      await expect.poll(() => new URL(page.url()).searchParams.get('frame')).toBe(String(await at()))
    },
  },
]

/** The pages of scenarios and replay, of the demo whose connections are slow. */
export function scenarioPages(browser: Browser, skein: () => SkeinUp): void {
  let lived: Lived
  beforeAll(async () => {
    lived = await liveScenario(skein())
  })

  for (const { name, path, shows } of PAGES) {
    for (const look of LOOKS) {
      it(`${name} in ${look.theme}, ${look.lang}, ${look.width} px`, { timeout: 60_000 }, async () => {
        const { page, problems, close } = await visit(browser, `${lived.skein.api}${path(lived)}theme=${look.theme}&lang=${look.lang}&live=off`, look)
        try {
          await shows(page, look)
          await picture(page, `${name}-${look.theme}-${look.lang}-${look.width}`)
          expect(await accessibilityProblems(page)).toEqual([])
          expect(await untranslated(page, look.lang)).toEqual([])
          expect(await sidewaysOverflow(page)).toBe(0)
          expect(problems).toEqual([])
        } finally {
          await close()
        }
      })
    }
  }

  it('with the chip of a step goes all of it that the address has', { timeout: 60_000 }, async () => {
    const { page, close } = await visit(browser, `${lived.skein.api}/scenario?id=${lived.scenario.id}&tab=runs&step=play&fate=slow&live=off`)
    try {
      await page.getByRole('button', { name: /play/ }).press('Enter')
      await expect.poll(() => page.url()).not.toMatch(/step=|fate=/)
      expect(page.url()).toContain('tab=runs')
      await page.goBack()
      await expect.poll(() => page.url()).toContain('step=play&fate=slow')
    } finally {
      await close()
    }
  })

  it('the frames of a slow play name the edge that was slow', { timeout: 60_000 }, async () => {
    const { scenario, slowRun } = lived
    const { page, close } = await visit(browser, `${lived.skein.api}/replay?scenario=${scenario.id}&run=${encodeURIComponent(slowRun)}&view=table&live=off`)
    try {
      const frames = page.getByRole('table', { name: say('en', 'replay.frames') })
      await frames.locator('tbody tr').first().waitFor()
      const rows = await frames.locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())))
      expect(rows.map((row) => `${row[3]} → ${row[4]}`)).toContain('playback → drm')
      const slow = rows.filter((row) => row[3] === 'playback' && row[4] === 'drm').map((row) => row[6] ?? '')
      expect(slow.some((text) => /^(7|8|9)\d\d ms$|^\d\.?\d* s$/.test(text))).toBe(true)
    } finally {
      await close()
    }
  })
}
