/** How every collection is used; its name is all that differs. */
export function collectionOptions(collection: string) {
  return {
    collection,
    // A field or a condition that nobody declared is a mistake of ours, or an attack (C16).
    strict: 'throw',
    strictQuery: 'throw',
    // Indexes are made before the server listens, and calls fail at once while there is no connection.
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    versionKey: false,
    minimize: false,
  } as const
}
