import { ScenariosPage } from '../../scenarios/scenarios-page.tsx'

export default function Route() {
  return <ScenariosPage />
}
