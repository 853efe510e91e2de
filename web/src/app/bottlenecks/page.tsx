import { BottlenecksPage } from '../../bottlenecks/bottlenecks-page.tsx'

export default function Route() {
  return <BottlenecksPage />
}
