import { createHash } from 'node:crypto'

/**
 * A content security policy for one exported page: what is inline in it is named by its hash, so that nothing else inline can run,
 * whatever telemetry says. The page is our own build's output, so plain patterns are enough to read it.
 */
export function contentPolicyOf(html: string): string {
  const scripts = hashes(
    [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)]
      .filter(([, attributes]) => !/\bsrc\s*=/i.test(attributes ?? ''))
      .map(([, , code]) => code ?? ''),
  )
  const withoutScripts = html.replaceAll(/<script\b[\s\S]*?<\/script>/gi, '')
  const styles = hashes([...withoutScripts.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map(([, css]) => css ?? ''))
  const attributes = hashes([...withoutScripts.matchAll(/\sstyle="([^"]*)"/gi)].map(([, css]) => decodeEntities(css ?? '')))
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    ...(attributes.length === 0 ? [] : [["style-src-attr 'unsafe-hashes'", ...attributes].join(' ')]),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashes(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`))]
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" }

/** Browsers hash the value of an attribute, not its spelling. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole)
}
