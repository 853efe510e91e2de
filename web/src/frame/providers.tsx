'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NextIntlClientProvider } from 'next-intl'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ApiContext } from '../api/api-context.ts'
import { ApiError, createApiClient } from '../api/client.ts'
import { en } from '../i18n/en.ts'
import { zh } from '../i18n/zh.ts'
import { useLanguage } from './preferences.ts'

const RETRIES = 2

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(() => createApiClient({ fetch: (...request) => globalThis.fetch(...request) }))
  const [queries] = useState(createQueryClient)
  return (
    <NuqsAdapter>
      <ApiContext value={client}>
        <QueryClientProvider client={queries}>
          <Localised>{children}</Localised>
        </QueryClientProvider>
      </ApiContext>
    </NuqsAdapter>
  )
}

function Localised({ children }: { children: ReactNode }) {
  const { language } = useLanguage()
  return (
    <NextIntlClientProvider locale={language} messages={language === 'zh' ? zh : en} timeZone="UTC">
      {children}
    </NextIntlClientProvider>
  )
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Skein may be on this very host: what the browser thinks of the internet says nothing about it.
        networkMode: 'always',
        retry: (failures, error) => failures < RETRIES && isTransient(error),
        retryDelay: (failures) => 500 * 2 ** failures,
        staleTime: 1000,
        refetchOnWindowFocus: true,
        refetchIntervalInBackground: false,
      },
    },
  })
}

/** What the server refused for good is not asked again. */
function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.failure.status === 0 || error.failure.status >= 500)
}
