import type uPlot from 'uplot'

/** The drawing library, which comes after the page. Rejects when it cannot be had. */
export async function loadPlot(): Promise<typeof uPlot> {
  // As it loads it hands the browser's language to Intl, which throws at a tag of the operating system's such as `en-US@posix`.
  const language = knownLanguage(navigator.language, document.documentElement.lang)
  if (language !== navigator.language) Object.defineProperty(navigator, 'language', { value: language, configurable: true })
  return (await import('uplot')).default
}

/** A language that Intl takes: the one asked for, else the interface's, else English. */
export function knownLanguage(asked: string, ofInterface: string): string {
  return [asked, ofInterface].find(isKnown) ?? 'en'
}

function isKnown(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
