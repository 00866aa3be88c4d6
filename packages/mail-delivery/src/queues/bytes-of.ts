/** A message's body as it lies in the queue: the client has read JSON and text, if it says it is. */
export function bytesOf({ body }: { body?: unknown }): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))
}
