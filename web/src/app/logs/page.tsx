import { LogsPage } from '../../logs/logs-page.tsx'

export default function Route() {
  return <LogsPage />
}
