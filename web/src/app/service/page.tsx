import { ServicePage } from '../../service/service-page.tsx'

export default function Route() {
  return <ServicePage />
}
