import { IntakePage } from '../../intake/intake-page.tsx'

export default function Route() {
  return <IntakePage />
}
