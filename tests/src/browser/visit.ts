import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'

export interface Look {
  theme: 'light' | 'dark'
  lang: 'en' | 'zh'
  width: number
}

export const PLAIN: Look = { theme: 'light', lang: 'en', width: 1440 }

export interface Visit {
  page: Page
  /** What went wrong in the browser since it was opened: console errors, exceptions, answers ≥ 400, requests without an answer. */
  problems: string[]
  close(): Promise<void>
}

/** Where pictures are kept for a person who asked for them: they prove nothing by themselves, and a hundred of them take a minute. */
const screenshots = process.env['SKEIN_TEST_SCREENSHOTS']
if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true })

/** Opens an address in a browser profile of its own, in one language and theme. */
export async function visit(browser: Browser, address: string, look: Look = PLAIN): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width > 1200 ? 900 : 768 },
    locale: look.lang === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'Asia/Shanghai',
    colorScheme: look.theme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${new URL(response.url()).pathname}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') problems.push(`${why} ${new URL(request.url()).pathname}`)
  })
  await page.goto(address)
  return { page, problems, close: () => context.close() }
}

/** Waits until fonts are there and what is known is drawn; keeps the picture where somebody wants to look at it. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  })
  if (screenshots === undefined) return
  await page.waitForTimeout(250)
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
}

/** Rows of a long table are alike: these tell of all. */
const TOLD_ROWS = 40

/** Violations of WCAG 2.2 A and AA, one line each with the element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(
    async (exclude) => {
      const { run } = (window as unknown as { axe: typeof axe }).axe
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
      const { violations } = await run({ include: [['html']], exclude }, { runOnly: tags, resultTypes: ['violations'] })
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`))
    },
    [[`.data-table tbody tr:nth-child(n + ${TOLD_ROWS + 1})`]],
  )
}

interface Messages {
  [key: string]: string | Messages
}

/** The words of all pages: one file a page. */
function messages(lang: Look['lang']): Messages {
  const folder = join(import.meta.dirname, '..', '..', '..', 'web', 'src', 'i18n', lang)
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return Object.assign({}, ...files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Messages)) as Messages
}

const flat = (of: Messages, path = ''): [key: string, text: string][] =>
  Object.entries(of).flatMap(([key, value]) => (typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`)))

const texts = { en: new Map(flat(messages('en'))), zh: new Map(flat(messages('zh'))) }

/** The sentence of the interface by its key, as far as it is plain text. */
export function say(lang: Look['lang'], key: string): string {
  const text = texts[lang].get(key)
  if (text === undefined) throw new Error(`the interface has no text ${key}`)
  return text
}

/** Keys that show instead of their text, and sentences of the other language; one small word may be a name on the wire. */
export async function untranslated(page: Page, lang: Look['lang']): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const said = [...document.querySelectorAll('[aria-label], [title]')].map(
      (element) => `${element.getAttribute('aria-label')}\n${element.getAttribute('title')}`,
    )
    return [document.body.innerText, ...said].join('\n')
  })
  const lines = new Set(shown.split('\n').map((line) => line.trim()))
  const keys = [...texts.en.keys()].filter((key) => key.split('.').length > 1 && lines.has(key))
  const other = lang === 'zh' ? texts.en : texts.zh
  const foreign = [...other].filter(([key, text]) => texts[lang].get(key) !== text && text.length > 3 && !/[{<]|^[a-z]+$/.test(text) && lines.has(text))
  return [...keys, ...foreign.map(([key, text]) => `${key}: ${text}`)].filter((line) => !line.startsWith('action.language'))
}

/** Elements whose content is wider than the page: nothing may need scrolling sideways. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
