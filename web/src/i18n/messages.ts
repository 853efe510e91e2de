import type { en } from './en.ts'

/** Makes a missing or misspelt key a type error. */
declare module 'next-intl' {
  interface AppConfig {
    Locale: 'en' | 'zh'
    Messages: typeof en
  }
}
