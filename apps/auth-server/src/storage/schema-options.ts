/** Field options for schemas. An optional field without a value is null. */
export const requiredText = { type: String, required: true }
export const optionalText = { type: String, default: null }
export const requiredDate = { type: Date, required: true }
export const optionalDate = { type: Date, default: null }
export const requiredNumber = { type: Number, required: true }

/** The schema options that all collections share. */
export function collectionOptions(collection: string) {
  return {
    collection,
    // An undeclared field or condition is a bug or an attack (C16).
    strict: 'throw',
    strictQuery: 'throw',
    // Indexes are created before the server listens; calls fail at once while MongoDB is down.
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    versionKey: false,
    minimize: false,
  } as const
}
