import { ComparePage } from '../../compare/compare-page.tsx'

export default function Route() {
  return <ComparePage />
}
