import { ScenarioPage } from '../../scenarios/scenario-page.tsx'

export default function Route() {
  return <ScenarioPage />
}
