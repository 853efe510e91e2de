import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { Suspense } from 'react'
import { Frame } from '../frame/frame.tsx'
import { Opening } from '../frame/opening.tsx'
import { Providers } from '../frame/providers.tsx'
import { themeScript } from '../frame/theme-script.ts'
import './globals.css'

export const metadata: Metadata = { description: 'Observability for services, viewers and autoscalers' }
export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>
        <Suspense fallback={<Opening />}>
          <Providers>
            <Frame>{children}</Frame>
          </Providers>
        </Suspense>
      </body>
    </html>
  )
}
