'use client'
import { BrokenPage } from '../frame/broken-page.tsx'

export default function RouteError({ error, reset }: { error: Error; reset: () => void }) {
  return <BrokenPage error={error} onRetry={reset} />
}
