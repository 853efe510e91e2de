import { parseAsBoolean, parseAsString } from 'nuqs'

/** Two traces, `b` against `a`, and whether only what differs is shown. */
export const compareParsers = {
  a: parseAsString.withDefault(''),
  b: parseAsString.withDefault(''),
  all: parseAsBoolean.withDefault(false),
}
