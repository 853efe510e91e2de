import { ServicesPage } from '../../services/services-page.tsx'

export default function Route() {
  return <ServicesPage />
}
