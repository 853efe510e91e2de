import { ReplayPage } from '../../replay/replay-page.tsx'

export default function Route() {
  return <ReplayPage />
}
