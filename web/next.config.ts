import { resolve } from 'node:path'
import type { NextConfig } from 'next'

const config: NextConfig = {
  output: 'export',
  reactStrictMode: true,
  transpilePackages: ['@skein/schemas'],
  turbopack: { root: resolve(import.meta.dirname, '..') },
  // Types are checked by `tsc -p web`; TypeScript 7 has no compiler API for Next to call.
  typescript: { ignoreBuildErrors: true },
}

export default config
