import { TracePage } from '../../trace/trace-page.tsx'

export default function Route() {
  return <TracePage />
}
