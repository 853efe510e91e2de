import { UnknownPage } from '../frame/unknown-page.tsx'

export default function NotFound() {
  return <UnknownPage />
}
