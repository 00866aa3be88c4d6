/** Field options for schemas. An optional field without a value is null. */
export const requiredText = { type: String, required: true }
export const optionalText = { type: String, default: null }
export const requiredDate = { type: Date, required: true }
export const optionalDate = { type: Date, default: null }
export const requiredNumber = { type: Number, required: true }

/** How every collection is used; its name is all that differs. */
export function collectionOptions(collection: string) {
  return {
    collection,
    // An undeclared field or condition is a bug or an attack (C16).
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
