import { parseAsString } from 'nuqs'

/** What the service page keeps in the address beside the shared view. */
export const serviceParsers = {
  name: parseAsString.withDefault(''),
  namespace: parseAsString.withDefault(''),
}
