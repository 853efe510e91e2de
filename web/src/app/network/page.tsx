import { NetworkPage } from '../../network/network-page.tsx'

export default function Route() {
  return <NetworkPage />
}
