import { TracesPage } from '../../traces/traces-page.tsx'

export default function Route() {
  return <TracesPage />
}
