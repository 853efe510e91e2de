import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTranslator } from 'use-intl/core'
import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[here, value] as [string, string]] : leaves(value, here)
  })
}

/** Arguments and tags: what a message needs from its caller. The branches of a plural are in braces too, behind their selector. */
function needs(message: string): string[] {
  const names = [...message.matchAll(/(?<!\b(?:zero|one|two|few|many|other|=\d+)\s*)\{\s*(\w+)\s*(?=[,}])/g)].map((match) => match[1] ?? '')
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`)
  return [...new Set([...names, ...tags])].toSorted()
}

const english = new Map(leaves(en))
const chinese = new Map(leaves(zh))

describe('the messages', () => {
  it('are complete in both languages', () => {
    expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('')
  })

  it('need the same values in both languages', () => {
    for (const [key, text] of english) expect(needs(chinese.get(key) ?? ''), key).toEqual(needs(text))
  })

  it('are well formed', () => {
    for (const [locale, messages] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      const t = createTranslator({
        locale,
        messages,
        onError: (error) => {
          if (error.code !== 'FORMATTING_ERROR') throw error
        },
      })
      for (const [key, text] of leaves(messages)) {
        const values = Object.fromEntries(needs(text).map((name) => (name.startsWith('<') ? [name.slice(1, -1), (chunks: unknown) => chunks] : [name, 2])))
        const rich = t.rich as (key: string, values: Record<string, unknown>) => unknown
        expect(rich(key, values), `${locale} ${key}`).not.toBe(key)
      }
    }
  })

  it('keep the tone: no exclamation, no apology, no please', () => {
    for (const [key, text] of english) expect(text, key).not.toMatch(/!|\b(?:please|sorry|oops)\b/i)
    for (const [key, text] of chinese) expect(text, key).not.toMatch(/[!！您]|请您|抱歉/)
  })
})

describe('the components', () => {
  const root = join(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))

  it('hold no words between tags or in attributes that are read out', () => {
    const found = files.flatMap((name) => literals(readFileSync(join(root, name), 'utf8')).map((text) => `${name}: ${text}`))
    expect(found).toEqual([])
  })

  it('would be caught if they did', () => {
    expect(literals('<p>Hello there</p>')).toEqual(['Hello there'])
    expect(literals('<p>\n  Hello\n</p>')).toEqual(['Hello'])
    expect(literals('<a title="Open map">{t("x")}</a>')).toEqual(['Open map'])
    expect(literals('<p>你好</p>')).toEqual(['你好'])
    expect(literals('interface A {\n  a: Map<string>\n  b: number\n  c: Set<string>\n}')).toEqual([])
    expect(literals('const x: Map<string, number> = new Map()\nif (a > b && c < d) return')).toEqual([])
  })
})

/** What stands for itself in every language: file formats and names of percentiles. */
const SAME_EVERYWHERE = /^(?:CSV|p\d+)$/

/** Members of an interface between two type arguments look like text between two tags. */
const TYPED_MEMBERS = /^\s*\n(?:\s*(?:readonly )?\w+\??: [^\n]+\n)*\s*(?:readonly )?\w+\??: [\w.]+$/

/** Words that a reader would see or hear and that no message holds. */
function literals(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const between = [...code.matchAll(/<(?:\/?[A-Za-z][^<>{}=;]*|[A-Za-z][^<>]*?["'}\w])>([^<>{}=;()]*\p{L}{2,}[^<>{}=;()]*)(?=<\/?[A-Za-z]|\{)/gu)].map(
    (match) => match[1] ?? '',
  )
  const attributes = [...code.matchAll(/\b(?:title|aria-label|placeholder|alt|label)="([^"]*\p{L}{2,}[^"]*)"/gu)].map((match) => match[1] ?? '')
  const shown = between.filter((text) => !TYPED_MEMBERS.test(text))
  return [...shown, ...attributes].map((text) => text.trim()).filter((text) => !SAME_EVERYWHERE.test(text))
}
