/** Passes a promise's outcome to a callback in the style of express-session's stores. */
export function passToCallback<Value>(
  promise: Promise<Value>,
  done: (error: unknown, value?: Value) => void,
): void {
  promise.then(
    (value) => done(null, value),
    (error: unknown) => done(error),
  )
}
