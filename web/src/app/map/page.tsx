import { MapPage } from '../../map/map-page.tsx'

export default function Route() {
  return <MapPage />
}
