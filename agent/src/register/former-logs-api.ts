/** Where `@opentelemetry/api-logs`, from before logs were part of `@opentelemetry/api`, looks for its provider, and the version of what it expects there. */
const FORMER_KEY = Symbol.for('io.opentelemetry.js.api.logs')
const FORMER_VERSION = 1

/** Gives libraries that still log through the former package, as the transport for winston does, the provider of today; what is there already stays. */
export function answerFormerLogsApi(target: object, provider: () => object): void {
  if (FORMER_KEY in target) return
  Object.defineProperty(target, FORMER_KEY, { value: (version: number) => (version === FORMER_VERSION ? provider() : undefined), configurable: true })
}
