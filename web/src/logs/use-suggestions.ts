'use client'
import { SEVERITY_CLASSES } from '@skein/schemas/severity'
import { useState } from 'react'
import { useServices } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { nearest, pairAt, quoted, type Suggestion, wordAt } from '../search/suggestion.ts'
import { useSettled } from '../ui/use-settled.ts'
import { useLogFields, useLogValues } from './questions.ts'

/** Nobody is asked for the middle of a word that is still being typed. */
const PAUSE_MS = 120
const ALWAYS = ['severity', 'service', 'environment', 'cluster', 'namespace', 'trace_id', 'body'] as const

/** What may stand at the caret: fields and values of the lines of the window, asked for while somebody types. */
export function useSuggestions() {
  const format = useFormat()
  const [word, setWord] = useState<string | null>(null)
  const asked = useSettled(word, PAUSE_MS)
  const pair = asked === null ? null : pairAt(asked)
  const fields = useLogFields('', word !== null)
  const values = useLogValues(pair?.field ?? '', pair?.begun ?? '')
  const services = useServices()
  const count = (lines: number) => format.text(format.count(lines))

  const fieldOffers = (begun: string): Suggestion[] => {
    const known = fields.data?.fields ?? []
    const lines = new Map(known.map((each) => [each.field, each.lines]))
    return nearest([...ALWAYS, ...known.map(({ field }) => field)], begun).map((field) => {
      const seen = lines.get(field) ?? 0
      return { text: `${field}:`, kind: 'field', open: true, ...(seen > 0 ? { hint: count(seen) } : {}) }
    })
  }
  const valueOffers = (field: string, operator: string, begun: string): Suggestion[] => {
    const known = values.data?.field === field ? values.data.values : []
    const lines = new Map(known.map(({ value, lines: seen }) => [value, seen]))
    const always = field === 'severity' ? [...SEVERITY_CLASSES] : field === 'service' ? (services.data?.services.map(({ name }) => name) ?? []) : []
    return nearest([...known.map(({ value }) => value), ...always], begun).map((value) => {
      const seen = lines.get(value) ?? 0
      return { text: `${field}${operator}${quoted(value)} `, kind: 'value', open: false, ...(seen > 0 ? { hint: count(seen) } : {}) }
    })
  }
  const suggest = (text: string, caret: number): Suggestion[] => {
    const { word: at } = wordAt(text, caret)
    const begun = pairAt(at)
    if (begun !== null) return valueOffers(begun.field, begun.operator, begun.begun)
    return fieldOffers(at)
  }
  return { suggest, onType: (text: string, caret: number) => setWord(wordAt(text, caret).word) }
}
