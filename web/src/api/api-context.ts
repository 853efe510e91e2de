'use client'
import { createContext, useContext } from 'react'
import type { ApiClient } from './client.ts'

export const ApiContext = createContext<ApiClient | null>(null)

export function useApiClient(): ApiClient {
  const client = useContext(ApiContext)
  if (client === null) throw new Error('no ApiContext above this component')
  return client
}
