/** The raw body of a message. The client has already parsed it if its type says JSON or text. */
export function bytesOf({ body }: { body?: unknown }): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))
}
