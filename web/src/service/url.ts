import { parseAsString, parseAsStringLiteral } from 'nuqs'

export const SERVICE_TABS = ['overview', 'logs'] as const
export type ServiceTab = (typeof SERVICE_TABS)[number]

/** What the service page keeps in the address beside the shared view. */
export const serviceParsers = {
  name: parseAsString.withDefault(''),
  namespace: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(SERVICE_TABS).withDefault('overview'),
}
