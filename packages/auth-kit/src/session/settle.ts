/** Gives a promise's outcome to a callback, as express-session's stores do. */
export function settle<Value>(
  promise: Promise<Value>,
  done: (error: unknown, value?: Value) => void,
): void {
  promise.then(
    (value) => done(null, value),
    (error: unknown) => done(error),
  )
}
