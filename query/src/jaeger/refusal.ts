/** Becomes `{"data":null,…,"errors":[{"code","msg"}]}` with this status. */
export class JaegerRefusal extends Error {
  override readonly name = 'JaegerRefusal'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
