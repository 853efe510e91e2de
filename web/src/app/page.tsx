import { OverviewPage } from '../overview/overview-page.tsx'

export default function Route() {
  return <OverviewPage />
}
